/* What curl calls while an attempt runs: headers and body come in, an upload goes out. */
#ifndef OCI_NET_RECEIVE_INT_H
#define OCI_NET_RECEIVE_INT_H

#include <curl/curl.h>

size_t receive_header(char *line, size_t size, size_t n, void *ctx);
size_t receive_body(char *data, size_t size, size_t n, void *ctx);
size_t receive_upload(char *into, size_t size, size_t n, void *ctx);
int receive_seek(void *ctx, curl_off_t offset, int origin);

#endif
