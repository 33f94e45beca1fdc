#include "listgen/mapping.h"

#include <criterion/criterion.h>

Test(mapping, names_repositories_as_kubeplay_does)
{
	static const char *const rows[][3] = {
		{ "k8s.gcr.io", "kube-apiserver", "library/kube-apiserver" },
		{ "k8s.gcr.io", "coredns/coredns", "library/coredns" },
		{ "k8s.gcr.io", "dns/k8s-dns-node-cache", "library/k8s-dns-node-cache" },
		{ "k8s.gcr.io", "cpa/cluster-proportional-autoscaler-amd64",
		  "library/cluster-proportional-autoscaler-amd64" },
		{ "quay.io", "calico/pod2daemon-flexvol", "library/calico-pod2daemon-flexvol" },
		{ "quay.io", "coreos/flannel", "library/flannel" },
		{ "docker.io", "library/nginx", "library/nginx" },
		{ "docker.io", "envoyproxy/envoy", "library/envoyproxy-envoy" },
		{ "quay.io", "cilium/cilium", "library/cilium-cilium" },
		{ "quay.io", "cilium/cilium-init", "library/cilium-init" },
		{ "registry.k8s.io", "ingress-nginx/controller", "library/ingress-nginx-controller" },
	};

	for (size_t i = 0; i < OCI_COUNT(rows); i++) {
		auto_free char *flat = oci_mapping_flat(rows[i][0], rows[i][1]);

		cr_expect_str_eq(flat, rows[i][2]);
	}
}

Test(mapping, refuses_two_repositories_under_one_name)
{
	auto_rows struct oci_rows rows = { 0 };
	auto_buf struct oci_buf yaml = { 0 };
	auto_err struct oci_err *err = NULL;

	oci_rows_add(&rows, "quay.io/calico/node:v1", "", "", 0);
	oci_rows_add(&rows, "quay.io/calico/node:v2", "", "", 0);
	cr_assert_eq(oci_mapping_print(&rows, &yaml, &err), 0);
	cr_expect_str_eq(yaml.data, "---\n- src: quay.io/calico/node\n  dest: library/calico-node\n");
	oci_rows_add(&rows, "calico/node:v1", "", "", 0);
	cr_assert_eq(oci_mapping_print(&rows, &yaml, &err), -1);
	cr_expect_eq(oci_err_code(err), OCI_CONFLICT);
	cr_expect_str_eq(oci_err_text(err), "quay.io/calico/node and docker.io/calico/node would both be "
					    "library/calico-node; keep one of them out of the list");
}
