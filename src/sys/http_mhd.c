/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The HTTP engine on libmicrohttpd 0.9.75; with http_mhd_reply.c the only file that knows the
 * library.
 *
 * The library calls on_target when the request line is there, on_request when the head is (the
 * first call), for each piece of the body, once more when all is there (answering a GET earlier
 * would end keep-alive), and again after a suspended exchange was resumed; on_completed ends the
 * exchange. All of that happens on the connection's own event thread, and the answer is queued
 * there as well: http_answer on another thread only leaves it in the exchange and resumes.
 *
 * A taken socket is a duplicate of the connection's. The library closes its own without shutdown()
 * only with MHD_USE_TURBO, which is undocumented: http_test.c watches that it stays so. */
#include "sys/http.h"

#include <arpa/inet.h>
#include <assert.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "sys/clock.h"
#include "sys/http_local.h"
#include "sys/http_mhd_local.h"

enum {
    SERVER_BYTES_MAX = 4 * 1024 * 1024,         /* nearly all of it the reaper's array */
    BODY_DROPPED_MAX = 8 * HTTP_BODY_BYTES_MAX, /* read and thrown away, so that 413 can be heard */
    FIELD_OWN_BYTES = 64, /* what the library keeps of each header, cookie and query field */
    STOP_LOOK_MS = 10,
    STOP_QUIET_LOOKS = 5, /* requests that lie in a socket's buffer get that long to be seen */
};

struct http_server {
    struct mem *mem;
    struct MHD_Daemon *daemon;
    struct http_reaper *reaper;
    struct http_corks *corks;
    struct http_config config;
    int listener;
    int port;
    atomic_bool stopping;
    atomic_int in_flight; /* exchanges from the end of their head to their end */
    atomic_int suspended;
};

enum stage { STAGE_HEAD, STAGE_BODY, STAGE_HANDED_OVER };

struct http_exchange {
    struct mem *mem;
    struct http_server *server;
    struct MHD_Connection *connection;
    int socket;
    enum stage stage;
    const char *target;
    struct http_request request;
    struct buf *body; /* NULL until its first byte */
    size_t body_received;
    struct MHD_Response *response; /* ours until it is queued */
    struct http_kept *kept;        /* instead: a share of it */
    int status;
    bool suspended;
    bool taken;
};

/* In the place of libc's for all of the program, the library included: one event fewer than there
 * is room for. The library asks for 128, and asks again as long as it gets 128, before it looks at
 * any of them: when there were exactly so many it waited for one more, up to half a minute. */
__attribute__((visibility("default"))) int epoll_wait(int set, struct epoll_event *events,
                                                      int events_max, int ms)
{
    return epoll_pwait(set, events, events_max > 1 ? events_max - 1 : events_max, ms, NULL);
}

static int connection_socket(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}

/* inet_ntop asks sprintf, which is a tenth of what a kept page costs us. */
static const char *ipv4_text(struct mem *mem, const unsigned char bytes[4])
{
    char text[INET_ADDRSTRLEN];
    char *to = text;
    for (int i = 0; i < 4; i++) {
        if (bytes[i] >= 100)
            *to++ = (char)('0' + bytes[i] / 100);
        if (bytes[i] >= 10)
            *to++ = (char)('0' + bytes[i] / 10 % 10);
        *to++ = (char)('0' + bytes[i] % 10);
        *to++ = '.';
    }
    return mem_strndup(mem, text, (size_t)(to - text) - 1);
}

/* The peer's address; one that speaks IPv4 to an IPv6 socket gets its IPv4 address. */
static const char *peer_address(struct mem *mem, struct MHD_Connection *connection)
{
    const struct sockaddr *peer =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
    if (peer->sa_family == AF_INET) {
        const struct in_addr *address = &((const struct sockaddr_in *)peer)->sin_addr;
        return ipv4_text(mem, (const unsigned char *)&address->s_addr);
    }
    if (peer->sa_family != AF_INET6)
        return "";
    const struct in6_addr *address = &((const struct sockaddr_in6 *)peer)->sin6_addr;
    if (IN6_IS_ADDR_V4MAPPED(address))
        return ipv4_text(mem, address->s6_addr + 12);
    char text[INET6_ADDRSTRLEN] = "";
    inet_ntop(AF_INET6, address, text, sizeof text);
    return mem_strdup(mem, text);
}

/* A header that cannot be sent is our bug, but its text may come from a user: an empty 500, not an
 * abort. */
static void exchange_set_response(struct http_exchange *exchange, const struct http_reply *reply)
{
    assert(!exchange->response && !exchange->taken);
    bool close = reply->close || atomic_load(&exchange->server->stopping);
    exchange->status = reply->status;
    exchange->response = http_response_new(exchange->mem, exchange->socket, reply, close);
    if (exchange->response)
        return;
    log_event(LOG_ERROR, "http_header_refused", log_int("status", reply->status));
    exchange->status = MHD_HTTP_INTERNAL_SERVER_ERROR;
    exchange->response =
        http_response_new(exchange->mem, exchange->socket, &(struct http_reply){0}, true);
}

static void exchange_drop_response(struct http_exchange *exchange)
{
    if (exchange->response)
        MHD_destroy_response(exchange->response);
    http_kept_give(exchange->kept);
    exchange->response = NULL;
    exchange->kept = NULL;
}

/* Hands the answer to the library. What is kept is held until it is out: so long is its file open.
 */
static enum MHD_Result exchange_queue(struct http_exchange *exchange)
{
    bool is_filed = false;
    struct MHD_Response *response =
        exchange->kept ? http_kept_response(exchange->kept, &is_filed) : exchange->response;
    assert(response);
    http_cork(exchange->server->corks, exchange->socket, is_filed);
    http_reaper_set(exchange->server->reaper, exchange->socket, HTTP_ANSWER_SECONDS_MAX * 1000);
    enum MHD_Result result =
        MHD_queue_response(exchange->connection, (unsigned)exchange->status, response);
    if (exchange->response)
        MHD_destroy_response(exchange->response);
    exchange->response = NULL;
    return result;
}

/* What never reaches the handler. */
static enum MHD_Result exchange_refuse(struct http_exchange *exchange, int status)
{
    const char *text = status == MHD_HTTP_BAD_REQUEST ? "The request is not valid.\n"
                                                      : "The request is too large.\n";
    struct http_reply reply = {.status = status,
                               .body = text,
                               .body_count = strlen(text),
                               .is_static = true,
                               .close = true};
    http_reply_header(&reply, "Content-Type", "text/plain; charset=utf-8");
    http_reply_header(&reply, "X-Content-Type-Options", "nosniff");
    exchange_set_response(exchange, &reply);
    return exchange_queue(exchange);
}

/* Where headers are gathered. */
struct gathering {
    struct http_header *headers;
    int count;
};

static enum MHD_Result gather(void *context, enum MHD_ValueKind kind, const char *name,
                              const char *value)
{
    (void)kind;
    struct gathering *to = context;
    to->headers[to->count++] = (struct http_header){.name = name, .value = value ? value : ""};
    return MHD_YES;
}

static void exchange_read_head(struct http_exchange *exchange, const char *method)
{
    struct MHD_Connection *connection = exchange->connection;
    int count = MHD_get_connection_values(connection, MHD_HEADER_KIND, NULL, NULL);
    struct gathering to = {.headers = MEM_ARRAY(exchange->mem, struct http_header, count)};
    MHD_get_connection_values(connection, MHD_HEADER_KIND, gather, &to);
    exchange->request = (struct http_request){.method = method,
                                              .headers = to.headers,
                                              .headers_count = to.count,
                                              .address = peer_address(exchange->mem, connection)};
}

static void exchange_split_target(struct http_exchange *exchange)
{
    size_t path_bytes = strcspn(exchange->target, "?");
    exchange->request.path = mem_strndup(exchange->mem, exchange->target, path_bytes);
    const char *rest = exchange->target + path_bytes;
    exchange->request.query = *rest == '?' ? rest + 1 : rest;
}

/* What the head takes of the connection's memory: the library copies cookies to take them apart.
 * Heads that leave no room for the reply's would end the connection without a word. */
static bool head_fits(struct http_exchange *exchange)
{
    struct MHD_Connection *connection = exchange->connection;
    const char *cookies = http_header(&exchange->request, "Cookie");
    int fields = MHD_get_connection_values(
        connection, MHD_HEADER_KIND | MHD_COOKIE_KIND | MHD_GET_ARGUMENT_KIND, NULL, NULL);
    size_t bytes =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE)->header_size;
    bytes += (cookies ? strlen(cookies) : 0) + FIELD_OWN_BYTES * (size_t)fields;
    return bytes <= HTTP_HEAD_BYTES_MAX;
}

/* The first call. */
static enum MHD_Result exchange_head(struct http_exchange *exchange, const char *method,
                                     const char *version)
{
    struct http_server *server = exchange->server;
    exchange->stage = STAGE_BODY;
    atomic_fetch_add(&server->in_flight, 1);
    exchange_read_head(exchange, method);
    struct http_head head = {.method = method,
                             .target = exchange->target,
                             .version = version,
                             .headers = exchange->request.headers,
                             .headers_count = exchange->request.headers_count};
    int64_t body_bytes = 0;
    int refusal = http_vet(&head, &body_bytes);
    if (refusal == 0 && !head_fits(exchange))
        refusal = MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE;
    if (refusal != 0)
        return exchange_refuse(exchange, refusal);
    exchange_split_target(exchange);
    if (body_bytes != 0)
        http_cork(server->corks, exchange->socket, false); /* "100 Continue" waits for nothing */
    http_reaper_set(server->reaper, exchange->socket, body_bytes == 0 ? 0 : server->config.body_ms);
    return MHD_YES;
}

/* A piece of the body. Once it is too large the rest is dropped, and what never ends is cut off. */
static enum MHD_Result exchange_body(struct http_exchange *exchange, const char *bytes,
                                     size_t count)
{
    exchange->body_received += count;
    if (exchange->body_received > BODY_DROPPED_MAX)
        return MHD_NO;
    if (!exchange->body)
        exchange->body = buf_new(exchange->mem, HTTP_BODY_BYTES_MAX);
    buf_add(exchange->body, bytes, count);
    return MHD_YES;
}

/* The request is complete. */
static enum MHD_Result exchange_hand_over(struct http_exchange *exchange)
{
    struct http_server *server = exchange->server;
    if (exchange->body && exchange->body->over)
        return exchange_refuse(exchange, MHD_HTTP_CONTENT_TOO_LARGE);
    if (exchange->body) {
        exchange->request.body = exchange->body->bytes;
        exchange->request.body_count = exchange->body->length;
    }
    exchange->stage = STAGE_HANDED_OVER;
    http_reaper_set(server->reaper, exchange->socket, 0);
    server->config.handle(server->config.context, exchange);
    if (exchange->suspended)
        return MHD_YES;
    return exchange->taken ? MHD_NO : exchange_queue(exchange);
}

static void exchange_awake(struct http_exchange *exchange)
{
    if (exchange->suspended)
        atomic_fetch_sub(&exchange->server->suspended, 1);
    exchange->suspended = false;
}

static void *on_target(void *context, const char *target, struct MHD_Connection *connection)
{
    struct http_server *server = context;
    struct mem *mem = mem_new(REQUEST_BYTES_MAX);
    struct http_exchange *exchange = MEM_NEW(mem, struct http_exchange);
    exchange->mem = mem;
    exchange->server = server;
    exchange->connection = connection;
    exchange->socket = connection_socket(connection);
    exchange->target = target ? mem_strdup(mem, target) : NULL;
    http_reaper_set(server->reaper, exchange->socket, server->config.head_ms);
    return exchange;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_bytes, void **ret_context)
{
    (void)context, (void)connection, (void)url;
    struct http_exchange *exchange = *ret_context;
    switch (exchange->stage) {
    case STAGE_HEAD:
        return exchange_head(exchange, method, version);
    case STAGE_BODY:
        if (*upload_bytes == 0)
            return exchange_hand_over(exchange);
        size_t count = *upload_bytes;
        *upload_bytes = 0;
        return exchange_body(exchange, upload, count);
    case STAGE_HANDED_OVER:
        break;
    }
    exchange_awake(exchange);
    return exchange_queue(exchange);
}

static void on_completed(void *context, struct MHD_Connection *connection, void **ret_context,
                         enum MHD_RequestTerminationCode code)
{
    (void)context, (void)connection, (void)code;
    struct http_exchange *exchange = *ret_context;
    if (!exchange)
        return;
    *ret_context = NULL;
    struct http_server *server = exchange->server;
    exchange_awake(exchange);
    exchange_drop_response(exchange);
    http_cork_push(server->corks, exchange->socket);
    if (exchange->stage != STAGE_HEAD)
        atomic_fetch_sub(&server->in_flight, 1);
    http_reaper_set(server->reaper, exchange->socket, server->config.idle_ms);
    mem_free(exchange->mem);
}

static void on_connection(void *context, struct MHD_Connection *connection, void **ret_context,
                          enum MHD_ConnectionNotificationCode code)
{
    (void)ret_context;
    struct http_server *server = context;
    int socket = connection_socket(connection);
    http_cork(server->corks, socket, false);
    if (code == MHD_CONNECTION_NOTIFY_CLOSED)
        http_reaper_forget(server->reaper, socket);
    else if (!http_reaper_set(server->reaper, socket, server->config.head_ms))
        shutdown(socket, SHUT_RDWR);
}

/* How the library's messages begin when the server itself is in trouble. All others are about one
 * client's request, and anybody can cause as many of those as they like. */
static const char *const troubles[] = {"Hit process",     "Error accepting", "Error allocating",
                                       "Server reached",  "Call to epoll",   "Failed to signal",
                                       "Failed to create"};

__attribute__((format(printf, 2, 0))) static void on_log(void *context, const char *format,
                                                         va_list values)
{
    (void)context;
    enum log_level level = LOG_DEBUG;
    for (size_t i = 0; i < sizeof troubles / sizeof *troubles; i++)
        if (str_starts(format, troubles[i]))
            level = LOG_WARNING;
    char text[256];
    vsnprintf(text, sizeof text, format, values);
    text[strcspn(text, "\n")] = '\0';
    log_event(level, "http_engine", log_text("text", text));
}

static bool daemon_start(struct http_server *server, int files)
{
    struct MHD_OptionItem end = {MHD_OPTION_END, 0, NULL};
    struct MHD_OptionItem pool = {MHD_OPTION_THREAD_POOL_SIZE, server->config.threads, NULL};
    struct MHD_OptionItem options[] = {
        {MHD_OPTION_LISTEN_SOCKET, server->listener, NULL},
        {MHD_OPTION_CONNECTION_LIMIT, http_connections_of(files), NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, HTTP_HEAD_BYTES_MAX + HTTP_REPLY_HEAD_BYTES_MAX, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, HTTP_IDLE_SECONDS_MAX, NULL},
        {MHD_OPTION_PER_IP_CONNECTION_LIMIT, HTTP_CONNECTIONS_PER_ADDRESS_MAX, NULL},
        {MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL},
        server->config.threads > 1 ? pool : end, /* the library warns of a pool of one */
        end};
    server->daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME |
                                          MHD_USE_ERROR_LOG | MHD_USE_TURBO,
                                      0, NULL, NULL, on_request, server, MHD_OPTION_EXTERNAL_LOGGER,
                                      on_log, server, MHD_OPTION_URI_LOG_CALLBACK, on_target,
                                      server, MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,
                                      MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
                                      MHD_OPTION_ARRAY, options, MHD_OPTION_END);
    return server->daemon != NULL;
}

static struct http_config config_complete(const struct http_config *given)
{
    struct http_config config = *given;
    if (config.head_ms == 0)
        config.head_ms = HTTP_HEAD_SECONDS_MAX * 1000;
    if (config.body_ms == 0)
        config.body_ms = HTTP_BODY_SECONDS_MAX * 1000;
    if (config.idle_ms == 0)
        config.idle_ms = HTTP_IDLE_SECONDS_MAX * 1000;
    if (config.stop_ms == 0)
        config.stop_ms = HTTP_STOP_SECONDS_MAX * 1000;
    if (config.threads > HTTP_THREADS_MAX)
        config.threads = HTTP_THREADS_MAX;
    return config;
}

struct http_server *http_start(const struct http_config *config)
{
    int port = 0;
    int listener = http_listen(config->address, config->port, &port);
    if (listener < 0)
        return NULL;
    int files = http_files_raise();
    if (files < HTTP_FILES_WANTED)
        log_event(LOG_WARNING, "few_files", log_int("files", files),
                  log_int("wanted", HTTP_FILES_WANTED),
                  log_text("why", "the limit of open files (ulimit -n) bounds how many people can "
                                  "be connected"));
    struct mem *mem = mem_new(SERVER_BYTES_MAX);
    struct http_server *server = MEM_NEW(mem, struct http_server);
    server->mem = mem;
    server->config = config_complete(config);
    server->listener = listener;
    server->port = port;
    server->corks = http_corks_new(mem, files);
    server->reaper = http_reaper_start(mem, files);
    if (server->reaper && daemon_start(server, files))
        return server;
    log_event(LOG_ERROR, "http_start_failed", log_int("port", port), log_int("files", files));
    if (server->reaper)
        http_reaper_stop(server->reaper);
    close(listener);
    mem_free(mem);
    return NULL;
}

int http_port(const struct http_server *server)
{
    return server->port;
}

/* The listener is shut but not yet closed: an event thread may be about to accept on its number. */
void http_stop_accepting(struct http_server *server)
{
    if (atomic_exchange(&server->stopping, true))
        return;
    MHD_quiesce_daemon(server->daemon);
    shutdown(server->listener, SHUT_RDWR);
}

static void wait_for_answers(struct http_server *server)
{
    struct timespec pause = {.tv_nsec = STOP_LOOK_MS * 1000000L};
    int64_t ends_ms = clock_monotonic_ms() + server->config.stop_ms;
    int quiet = 0;
    while (quiet < STOP_QUIET_LOOKS && clock_monotonic_ms() < ends_ms) {
        nanosleep(&pause, NULL);
        quiet = atomic_load(&server->in_flight) == 0 ? quiet + 1 : 0;
    }
}

bool http_stop(struct http_server *server)
{
    http_stop_accepting(server);
    wait_for_answers(server);
    int suspended = atomic_load(&server->suspended);
    if (suspended > 0) { /* their owners still hold them */
        log_event(LOG_ERROR, "http_stopped_unanswered", log_int("exchanges", suspended));
        return false;
    }
    MHD_stop_daemon(server->daemon);
    http_reaper_stop(server->reaper);
    close(server->listener);
    mem_free(server->mem);
    return true;
}

const struct http_request *http_request(const struct http_exchange *exchange)
{
    return &exchange->request;
}

struct mem *http_mem(struct http_exchange *exchange)
{
    return exchange->mem;
}

void http_suspend(struct http_exchange *exchange)
{
    assert(exchange->stage == STAGE_HANDED_OVER && !exchange->suspended && !exchange->taken);
    exchange->suspended = true;
    atomic_fetch_add(&exchange->server->suspended, 1);
    MHD_suspend_connection(exchange->connection);
}

void http_answer(struct http_exchange *exchange, const struct http_reply *reply)
{
    exchange_set_response(exchange, reply);
    if (exchange->suspended)
        MHD_resume_connection(exchange->connection);
}

/* One that stops says so with each answer. */
void http_answer_kept(struct http_exchange *exchange, struct http_kept *kept)
{
    assert(!exchange->suspended && !exchange->response && !exchange->taken);
    const struct http_reply *reply = http_kept_reply(kept);
    exchange->status = reply->status;
    if (atomic_load(&exchange->server->stopping))
        exchange_set_response(exchange, reply);
    else
        exchange->kept = http_kept_take(kept);
}

int http_take_socket(struct http_exchange *exchange)
{
    assert(!exchange->suspended && !exchange->response && !exchange->taken);
    int socket = fcntl(exchange->socket, F_DUPFD_CLOEXEC, 0);
    if (socket < 0)
        return -1;
    int yes = 1;
    int no = 0;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    setsockopt(socket, IPPROTO_TCP, TCP_CORK, &no, sizeof no);
    fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK);
    exchange->taken = true;
    return socket;
}
