#include "listgen/scan.h"

#include <criterion/criterion.h>

static const char text[] = "a_download_url: \"https://h/{{ v }}\"\n"
			   "# b_download_url: \"https://h/b\"\n"
			   "x: 1\r\n"
			   "downloads:\n"
			   "  etcd:\n"
			   "    repo: \"{{ etcd_image_repo }}\"\n"
			   "    tag: \"{{ etcd_image_tag }}\"\n"
			   "    url: \"{{ a_download_url }}\"\n"
			   "download_defaults:\n"
			   "  repo: None\n";

Test(scan, takes_lines_as_the_generator_does)
{
	auto_scan struct oci_scan scan = { .file = "f", .bytes = oci_slice(text) };

	oci_scan_files(&scan);
	cr_assert_eq(scan.n, 2);
	cr_expect_str_eq(scan.v[0].text, "https://h/{{ v }}");
	cr_expect_str_eq(scan.v[0].variable, "a_download_url");
	cr_expect_str_eq(scan.v[1].text, "https://h/b");
}

Test(scan, joins_repo_and_tag_and_adds_the_control_plane)
{
	auto_scan struct oci_scan scan = { .file = "f", .bytes = oci_slice(text) };

	oci_scan_images(&scan);
	cr_assert_eq(scan.n, 5);
	cr_expect_str_eq(scan.v[0].text, "{{etcd_image_repo}}:{{etcd_image_tag}}");
	cr_expect_str_eq(scan.v[0].variable, "etcd_image_repo,etcd_image_tag");
	cr_expect_eq(scan.v[0].line, 6);
	cr_expect_str_eq(scan.v[4].text, "{{ kube_image_repo }}/kube-proxy:{{ kube_version }}");
}

Test(scan, calls_what_names_no_variable_by_its_dictionary)
{
	static const char plain[] = "downloads:\n  nginx:\n    repo: docker.io/library/nginx\n    tag: \"1.19\"\n";
	auto_scan struct oci_scan scan = { .file = "f", .bytes = oci_slice(plain) };

	oci_scan_images(&scan);
	cr_expect_str_eq(scan.v[0].text, "docker.io/library/nginx:1.19");
	cr_expect_str_eq(scan.v[0].variable, "downloads");
}
