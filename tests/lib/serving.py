"""A threaded HTTP server for tests: on a free port of 127.0.0.1 that it prints, silent about clients that go away."""
import http.server
import os


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128

    def handle_error(self, *_):
        pass


def serve(handler):
    server = Server(("127.0.0.1", 0), handler)
    os.write(1, b"%d\n" % server.server_address[1])
    server.serve_forever()
