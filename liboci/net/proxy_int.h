/* Which proxy a URL goes through. */
#ifndef OCI_NET_PROXY_INT_H
#define OCI_NET_PROXY_INT_H

/* For CURLOPT_PROXY: NULL leaves it to curl (http_proxy, https_proxy, ALL_PROXY; NO_PROXY is obeyed always), "" is
 * none. */
const char *proxy_for(const char *origin);

#endif
