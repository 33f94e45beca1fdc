/* path, file, outfile and lock: what happens on a real file system. */
#include "base/file.h"
#include "base/lock.h"
#include "base/out.h"
#include "base/outfile.h"
#include "base/path.h"
#include "base/slice.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char dir[] = "/tmp/files-XXXXXX";

static void setup(void)
{
	cr_assert_not_null(mkdtemp(dir));
	cr_assert_eq(chdir(dir), 0);
}

static void teardown(void)
{
	oci_path_remove_tree(dir, NULL);
}

TestSuite(files, .init = setup, .fini = teardown);

static void expect_content(const char *path, const char *text)
{
	auto_buf struct oci_buf got = { 0 };

	cr_assert_eq(oci_file_read(path, 1000, &got, NULL), 0);
	cr_expect_str_eq(oci_buf_text(&got), text);
}

Test(files, output_that_is_not_committed_vanishes)
{
	cr_assert_eq(oci_file_replace("x", "old", 3, NULL), 0);
	{
		auto_outfile struct oci_outfile *f = NULL;

		cr_assert_eq(oci_outfile_open(&f, "x", NULL), 0);
		cr_assert_eq(oci_outfile_write(f, "new", 3, NULL), 0);
	}
	expect_content("x", "old");
	cr_expect_not(oci_path_exists("x.partial"));
}

Test(files, output_replaces_at_once)
{
	auto_outfile struct oci_outfile *f = NULL;

	cr_assert_eq(oci_file_replace("x", "old", 3, NULL), 0);
	cr_assert_eq(oci_outfile_open(&f, "x", NULL), 0);
	cr_assert_eq(oci_outfile_write(f, "new", 3, NULL), 0);
	expect_content("x", "old");
	cr_assert_eq(oci_outfile_commit(f, NULL), 0);
	expect_content("x", "new");
}

Test(files, a_link_put_in_the_way_is_not_followed)
{
	auto_outfile struct oci_outfile *f = NULL;
	auto_err struct oci_err *err = NULL;

	cr_assert_eq(symlink("/etc/target", "x.partial"), 0);
	cr_expect_eq(oci_outfile_open(&f, "x", &err), -1);
	cr_expect_eq(oci_err_code(err), OCI_FAILED, "%s", oci_err_text(err));
}

Test(files, what_a_named_link_leads_to_is_replaced)
{
	struct stat st;

	cr_assert_eq(oci_file_replace("x", "old", 3, NULL), 0);
	cr_assert_eq(symlink("x", "link"), 0);
	cr_assert_eq(oci_file_replace_named("link", "new", 3, NULL), 0);
	expect_content("x", "new");
	cr_assert_eq(lstat("link", &st), 0);
	cr_expect(S_ISLNK(st.st_mode));
	cr_assert_eq(oci_file_replace("link", "own", 3, NULL), 0);
	expect_content("x", "new");
	expect_content("link", "own");
}

Test(files, a_named_pipe_is_written_in_place)
{
	char got[4] = "";
	struct stat st;

	cr_assert_eq(mkfifo("pipe", 0600), 0);
	auto_fd int fd = open("pipe", O_RDWR | O_CLOEXEC);

	cr_assert_eq(oci_file_replace_named("pipe", "new", 3, NULL), 0);
	cr_expect_eq(read(fd, got, 3), 3);
	cr_expect_str_eq(got, "new");
	cr_assert_eq(lstat("pipe", &st), 0);
	cr_expect(S_ISFIFO(st.st_mode));
	cr_expect_not(oci_path_exists("pipe.partial"));
}

/* Small and large pieces take different ways to the file. */
Test(files, a_full_disk_is_told_alike_however_much_is_written)
{
	static const size_t sizes[] = { 3, 1 << 20 };

	for (size_t i = 0; i < OCI_COUNT(sizes); i++) {
		auto_outfile struct oci_outfile *f = NULL;
		auto_free char *data = oci_calloc(sizes[i], 1);
		auto_err struct oci_err *err = NULL;

		cr_assert_eq(oci_outfile_open_named(&f, "/dev/full", NULL), 0);
		cr_expect(oci_outfile_write(f, data, sizes[i], &err) < 0 || oci_outfile_commit(f, &err) < 0);
		cr_expect_str_eq(oci_err_text(err), "cannot write /dev/full: No space left on device");
	}
}

Test(files, reading_stops_at_the_cap)
{
	auto_buf struct oci_buf got = { 0 };
	auto_err struct oci_err *err = NULL;

	cr_assert_eq(oci_file_replace("x", "0123456789", 10, NULL), 0);
	cr_expect_eq(oci_file_read("x", 9, &got, &err), -1);
	cr_expect_str_eq(oci_err_text(err), "x: larger than 9 bytes");
}

static nlink_t links_of(const char *path)
{
	struct stat st;

	cr_assert_eq(stat(path, &st), 0);
	return st.st_nlink;
}

Test(files, place_links_and_keeps_what_stands)
{
	auto_err struct oci_err *err = NULL;

	cr_assert_eq(oci_file_replace("a", "a", 1, NULL), 0);
	cr_assert_eq(oci_file_replace("c", "c", 1, NULL), 0);
	cr_assert_eq(oci_file_place("a", "b", NULL), 0);
	cr_expect_eq(links_of("a"), 2);
	cr_expect_eq(oci_file_place("a", "c", &err), -1);
	expect_content("c", "c");
	cr_expect_eq(oci_err_code(err), OCI_CONFLICT);
}

/* From here on this test's process gets an error from a system call. */
static void take_away(unsigned call, unsigned error)
{
	struct sock_filter rules[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = { OCI_COUNT(rules), rules };

	cr_assert_eq(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	cr_assert_eq(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter), 0);
}

Test(files, place_copies_where_a_file_system_has_no_links)
{
	auto_err struct oci_err *err = NULL;

	cr_assert_eq(oci_file_replace("a", "a", 1, NULL), 0);
#ifdef __NR_link
	take_away(__NR_link, ENOSYS);
#endif
	take_away(__NR_linkat, ENOSYS);
	cr_assert_eq(oci_file_place("a", "b", &err), 0, "%s", oci_err_text(err));
	cr_expect_eq(links_of("a"), 1);
	expect_content("b", "a");
}

Test(files, folders_are_made_and_removed_whole)
{
	bool empty = false;
	auto_err struct oci_err *err = NULL;

	cr_assert_eq(oci_path_mkdirs("p/q/r", NULL), 0);
	cr_assert_eq(oci_path_mkdirs("p/q/r/", NULL), 0);
	cr_assert_eq(oci_file_replace("p/f", "", 0, NULL), 0);
	cr_expect_eq(oci_path_mkdirs("p/f/g", &err), -1);
	cr_assert_eq(oci_path_is_empty_dir("p/q/r", &empty, NULL), 0);
	cr_expect(empty);
	cr_assert_eq(oci_path_remove_tree("p", NULL), 0);
	cr_assert_eq(oci_path_remove_tree("p", NULL), 0);
	cr_expect_not(oci_path_exists("p"));
}

Test(files, local_paths_stay_inside)
{
	static const char *const good[] = { "a", "a/b", "..a", "a/..b/c" };
	static const char *const bad[] = { "", "/a", "..", "a/..", "a/../b", "./a", "a//b", "a/", "a/." };

	for (size_t i = 0; i < OCI_COUNT(good); i++)
		cr_expect(oci_path_is_local(good[i]), "%s", good[i]);
	for (size_t i = 0; i < OCI_COUNT(bad); i++)
		cr_expect_not(oci_path_is_local(bad[i]), "%s", bad[i]);
}

static int write_done(void)
{
	return oci_file_replace("done", "", 0, NULL);
}

static int move_to_done(void)
{
	return rename("locked", "done");
}

/* A child holds the lock on "locked", says so, and a while later acts and dies with it. */
static pid_t lock_held_by_a_child(int (*act)(void))
{
	const struct oci_out out = { 0 };
	int ready[2], held = -1;
	char c;

	cr_assert_eq(pipe(ready), 0);
	pid_t child = fork();

	if (child == 0) {
		if (oci_lock_dir("locked", &out, &held, NULL) < 0 || write(ready[1], "x", 1) != 1)
			_exit(1);
		usleep(100000);
		_exit(act() < 0);
	}
	cr_assert_eq(read(ready[0], &c, 1), 1);
	return child;
}

Test(files, a_lock_keeps_another_process_out_until_it_dies)
{
	const struct oci_out out = { 0 };
	pid_t child = lock_held_by_a_child(write_done);
	auto_fd int fd = -1;

	cr_assert_eq(oci_lock_dir("locked", &out, &fd, NULL), 0);
	cr_expect(oci_path_exists("done"), "the lock came while its holder lived");
	waitpid(child, NULL, 0);
}

Test(files, a_lock_is_on_what_has_the_name_then)
{
	const struct oci_out out = { 0 };
	pid_t child = lock_held_by_a_child(move_to_done);
	auto_fd int fd = -1;

	cr_assert_eq(oci_lock_dir("locked", &out, &fd, NULL), 0);
	cr_expect(oci_path_names("locked", fd));
	cr_expect_not(oci_path_names("done", fd));
	waitpid(child, NULL, 0);
}

Test(files, without_locks_there_is_a_warning)
{
	char *said = NULL;
	size_t n;
	struct oci_out out = { .notes = open_memstream(&said, &n) };
	auto_err struct oci_err *err = NULL;
	auto_fd int fd = -1;

	take_away(__NR_flock, ENOLCK);
	cr_assert_eq(oci_lock_dir("locked", &out, &fd, &err), 0, "%s", oci_err_text(err));
	fclose(out.notes);
	cr_expect_not_null(strstr(said, "warning: locked: its file system has no locks"), "%s", said);
	cr_expect_null(strstr(said, "another run"));
	free(said);
}
