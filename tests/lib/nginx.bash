# Starts Debian's nginx over one folder on a free port of the loopback address.
# shellcheck shell=bash

# nginx_start ROOT DIR: serves ROOT; DIR takes configuration, logs and temporary files. Sets NGINX (host:port), NGINX_PID.
nginx_start() {
	local root=$1 dir=$2 try i

	mkdir -p "$dir"
	for ((try = 0; try < 20; try++)); do
		NGINX=127.0.0.1:$((RANDOM % 20000 + 12000))
		cat >"$dir/nginx.conf" <<-END
			worker_processes 1;
			daemon off;
			user root;
			pid $dir/pid;
			error_log $dir/error.log;
			events { worker_connections 256; }
			http {
			  access_log $dir/access.log;
			  client_body_temp_path $dir/body; proxy_temp_path $dir/proxy; fastcgi_temp_path $dir/fastcgi;
			  uwsgi_temp_path $dir/uwsgi; scgi_temp_path $dir/scgi;
			  sendfile on;
			  server { listen $NGINX; root $root; autoindex on; }
			}
		END
		nginx -c "$dir/nginx.conf" >"$dir/start.log" 2>&1 </dev/null 3>&- &
		NGINX_PID=$!
		for ((i = 0; i < 100; i++)); do
			kill -0 "$NGINX_PID" 2>/dev/null || break
			curl -sS -o /dev/null "http://$NGINX/" 2>/dev/null && kill -0 "$NGINX_PID" 2>/dev/null && return
			sleep 0.05
		done
		kill "$NGINX_PID" 2>/dev/null || true
		wait "$NGINX_PID" 2>/dev/null || true
	done
	cat "$dir/start.log" >&2
	return 1
}

nginx_stop() {
	kill "$NGINX_PID" 2>/dev/null || true
	wait "$NGINX_PID" 2>/dev/null || true
}
