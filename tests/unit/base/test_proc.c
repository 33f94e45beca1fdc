#include "base/proc.h"

#include <criterion/criterion.h>
#include <string.h>

Test(proc, talks_both_ways_past_the_size_of_a_pipe)
{
	static char input[300000];
	auto_buf struct oci_buf out = { 0 };
	int status = -1;

	memset(input, 'x', sizeof(input));
	const struct oci_proc p = {
		.argv = (const char *[]){ "cat", NULL }, .input = input, .input_len = sizeof(input), .output = &out
	};

	cr_assert_eq(oci_proc_run(&p, &status, NULL), 0);
	cr_expect_eq(status, 0);
	cr_expect_eq(out.len, sizeof(input));
}

Test(proc, gives_status_stderr_and_environment)
{
	auto_buf struct oci_buf err_text = { 0 };
	int status = -1;
	const struct oci_proc p = { .argv = (const char *[]){ "sh", "-c", "echo $WHO >&2; exit 3", NULL },
				    .env = (const char *[]){ "WHO=me", NULL },
				    .errors = &err_text };

	cr_assert_eq(oci_proc_run(&p, &status, NULL), 0);
	cr_expect_eq(status, 3);
	cr_expect_str_eq(oci_buf_text(&err_text), "me\n");
}

Test(proc, says_which_program_is_missing)
{
	auto_err struct oci_err *err = NULL;
	int status;

	cr_expect_eq(
		oci_proc_run(&(struct oci_proc){ .argv = (const char *[]){ "no-such-program", NULL } }, &status, &err),
		-1);
	cr_expect_str_eq(oci_err_text(err), "cannot start no-such-program: No such file or directory");
}

Test(proc, ends_one_that_says_too_much)
{
	auto_buf struct oci_buf out = { 0 };
	auto_err struct oci_err *err = NULL;
	int status;
	const struct oci_proc p = { .argv = (const char *[]){ "yes", NULL }, .output = &out, .max_output = 1000 };

	cr_expect_eq(oci_proc_run(&p, &status, &err), -1);
	cr_expect_str_eq(oci_err_text(err), "yes: says more than expected");
}

/* Criterion's process has SIGPIPE as it is by default: it would end it. */
Test(proc, outlives_one_that_does_not_listen)
{
	static char input[300000];
	auto_buf struct oci_buf out = { 0 };
	int status = -1;
	const struct oci_proc p = { .argv = (const char *[]){ "sh", "-c", "exec <&-; echo deaf; exit 5", NULL },
				    .input = input,
				    .input_len = sizeof(input),
				    .output = &out };

	cr_assert_eq(oci_proc_run(&p, &status, NULL), 0);
	cr_expect_eq(status, 5);
	cr_expect_str_eq(oci_buf_text(&out), "deaf\n");
}
