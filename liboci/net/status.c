#include "net/status_int.h"

static const struct {
	CURLcode rc;
	struct verdict verdict;
} curl_results[] = {
	/* also what a lying Content-Length leaves in a connection that is used again */
	{ CURLE_UNSUPPORTED_PROTOCOL, { OCI_BADINPUT, FEW, "the answer is not HTTP" } },
	{ CURLE_URL_MALFORMAT, { OCI_BADINPUT, NEVER, "not a URL" } },
	{ CURLE_COULDNT_RESOLVE_PROXY, { OCI_BUSY, FEW, NULL } },
	{ CURLE_COULDNT_RESOLVE_HOST, { OCI_BUSY, FEW, NULL } },
	{ CURLE_COULDNT_CONNECT, { OCI_BUSY, FEW, NULL } },
	{ CURLE_WEIRD_SERVER_REPLY, { OCI_BADINPUT, NEVER, NULL } },
	{ CURLE_OPERATION_TIMEDOUT, { OCI_BUSY, ALWAYS, NULL } },
	{ CURLE_PARTIAL_FILE, { OCI_BUSY, ALWAYS, "the connection ended in mid-body" } },
	{ CURLE_GOT_NOTHING, { OCI_BUSY, ALWAYS, "the server closed the connection without an answer" } },
	{ CURLE_SEND_ERROR, { OCI_BUSY, ALWAYS, NULL } },
	{ CURLE_RECV_ERROR, { OCI_BUSY, ALWAYS, NULL } },
	{ CURLE_SEND_FAIL_REWIND, { OCI_BUSY, ALWAYS, NULL } },
	{ CURLE_HTTP2, { OCI_BUSY, ALWAYS, NULL } },
	{ CURLE_HTTP2_STREAM, { OCI_BUSY, ALWAYS, NULL } },
	{ CURLE_NO_CONNECTION_AVAILABLE, { OCI_BUSY, ALWAYS, NULL } },
	{ CURLE_SSL_CONNECT_ERROR, { OCI_BUSY, FEW, NULL } },
	{ CURLE_PEER_FAILED_VERIFICATION, { OCI_DENIED, NEVER, NULL } },
	{ CURLE_SSL_CACERT_BADFILE, { OCI_BADINPUT, NEVER, "the file of trusted authorities cannot be used" } },
	{ CURLE_PROXY, { OCI_BUSY, FEW, NULL } },
};

static const struct {
	int status;
	const char *reason;
	struct verdict verdict;
} http_statuses[] = {
	{ 400, "Bad Request", { OCI_FAILED, NEVER, NULL } },
	{ 401, "Unauthorized", { OCI_DENIED, NEVER, NULL } },
	{ 403, "Forbidden", { OCI_DENIED, NEVER, NULL } },
	{ 404, "Not Found", { OCI_NOTFOUND, NEVER, NULL } },
	{ 405, "Method Not Allowed", { OCI_UNSUPPORTED, NEVER, NULL } },
	{ 406, "Not Acceptable", { OCI_UNSUPPORTED, NEVER, NULL } },
	{ 407, "Proxy Authentication Required", { OCI_DENIED, NEVER, NULL } },
	{ 408, "Request Timeout", { OCI_BUSY, ALWAYS, NULL } },
	{ 409, "Conflict", { OCI_CONFLICT, NEVER, NULL } },
	{ 410, "Gone", { OCI_NOTFOUND, NEVER, NULL } },
	{ 413, "Content Too Large", { OCI_FAILED, NEVER, NULL } },
	{ 416, "Range Not Satisfiable", { OCI_FAILED, NEVER, NULL } },
	{ 421, "Misdirected Request", { OCI_BUSY, ALWAYS, NULL } },
	{ 425, "Too Early", { OCI_BUSY, ALWAYS, NULL } },
	{ 429, "Too Many Requests", { OCI_BUSY, ALWAYS, NULL } },
	{ 451, "Unavailable For Legal Reasons", { OCI_DENIED, NEVER, NULL } },
	{ 500, "Internal Server Error", { OCI_BUSY, ALWAYS, NULL } },
	{ 501, "Not Implemented", { OCI_UNSUPPORTED, NEVER, NULL } },
	{ 502, "Bad Gateway", { OCI_BUSY, ALWAYS, NULL } },
	{ 503, "Service Unavailable", { OCI_BUSY, ALWAYS, NULL } },
	{ 504, "Gateway Timeout", { OCI_BUSY, ALWAYS, NULL } },
	{ 505, "HTTP Version Not Supported", { OCI_UNSUPPORTED, NEVER, NULL } },
	{ 507, "Insufficient Storage", { OCI_FAILED, NEVER, NULL } },
};

struct verdict verdict_of_curl(CURLcode rc)
{
	for (size_t i = 0; i < OCI_COUNT(curl_results); i++)
		if (curl_results[i].rc == rc)
			return curl_results[i].verdict;
	return (struct verdict){ OCI_FAILED, NEVER, NULL };
}

struct verdict verdict_of_http(int status)
{
	for (size_t i = 0; i < OCI_COUNT(http_statuses); i++)
		if (http_statuses[i].status == status)
			return http_statuses[i].verdict;
	if (status >= 500)
		return (struct verdict){ OCI_BUSY, ALWAYS, NULL };
	return (struct verdict){ OCI_FAILED, NEVER, NULL };
}

const char *reason_of_http(int status)
{
	for (size_t i = 0; i < OCI_COUNT(http_statuses); i++)
		if (http_statuses[i].status == status)
			return http_statuses[i].reason;
	return "";
}
