/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answers as libmicrohttpd wants them: made for one request, or kept and sent many times. With
 * http_mhd.c the only file that knows the library, which counts by itself who still sends a
 * response. */
#include "sys/http_mhd_local.h"

#include <assert.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/mem.h"
#include "sys/http.h"

enum {
    REPLY_HEAD_OWN_BYTES = 256,
    PIECE_BLOCK_BYTES = 32 * 1024, /* of a body in pieces that is handed over at once */
    HEADER_OWN_BYTES = 16,         /* what a copy of a header's two texts takes beside them */
    RESPONSE_OWN_BYTES = 2048,     /* what the library keeps of a response: its own headers */
    MEMORY_PAGE_BYTES = 4096,      /* a file takes whole ones */
};

/* The reply's head has its room, beside what the library adds: status, Date, Connection,
 * Content-Length. */
static bool reply_fits(const struct http_reply *reply)
{
    size_t bytes = REPLY_HEAD_OWN_BYTES;
    for (int i = 0; i < reply->headers_count; i++)
        bytes +=
            strlen(reply->headers[i].name) + strlen(reply->headers[i].value) + strlen(": \r\n");
    return bytes <= HTTP_REPLY_HEAD_BYTES_MAX;
}

/* A body in pieces, and what of the present one has not been handed over. */
struct pieces {
    struct http_reply reply;
    int socket;
    const char *at;
    size_t left;
};

/* The library would end the connection when it next looks at it: nobody is to wait for that. */
static ssize_t pieces_cut(struct pieces *pieces)
{
    shutdown(pieces->socket, SHUT_RDWR);
    return MHD_CONTENT_READER_END_WITH_ERROR;
}

static ssize_t pieces_read(void *context, uint64_t position, char *buffer, size_t bytes_max)
{
    (void)position;
    struct pieces *pieces = context;
    if (pieces->left == 0 &&
        !pieces->reply.next(pieces->reply.next_context, &pieces->at, &pieces->left))
        return pieces_cut(pieces);
    if (pieces->left == 0)
        return MHD_CONTENT_READER_END_OF_STREAM;
    size_t count = pieces->left < bytes_max ? pieces->left : bytes_max;
    memcpy(buffer, pieces->at, count);
    pieces->at += count;
    pieces->left -= count;
    return (ssize_t)count;
}

static struct MHD_Response *body_new(struct mem *mem, int socket, const struct http_reply *reply)
{
    if (reply->next) {
        const struct pieces pieces = {.reply = *reply, .socket = socket};
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, PIECE_BLOCK_BYTES, pieces_read,
                                                 mem_copy(mem, &pieces, sizeof pieces), NULL);
    }
    enum MHD_ResponseMemoryMode mode =
        reply->is_static ? MHD_RESPMEM_PERSISTENT : MHD_RESPMEM_MUST_COPY;
    return MHD_create_response_from_buffer(reply->body_count, (void *)reply->body, mode);
}

/* Adds the headers to a new response, which ends where one of them cannot be sent. */
static struct MHD_Response *headers_add(struct MHD_Response *response,
                                        const struct http_reply *reply, bool close)
{
    assert(response);
    bool fine = reply_fits(reply);
    if (close)
        fine = fine && MHD_add_response_header(response, "Connection", "close") == MHD_YES;
    for (int i = 0; i < reply->headers_count && fine; i++)
        fine = MHD_add_response_header(response, reply->headers[i].name, reply->headers[i].value) ==
               MHD_YES;
    if (fine)
        return response;
    MHD_destroy_response(response);
    return NULL;
}

struct MHD_Response *http_response_new(struct mem *mem, int socket, const struct http_reply *reply,
                                       bool close)
{
    return headers_add(body_new(mem, socket, reply), reply, close);
}

/* All of it stands on one root, which ends with the library's last use of `response`. */
struct http_kept {
    struct mem *mem;
    struct http_reply reply;
    struct MHD_Response *response;
    _Atomic(struct MHD_Response *) filed; /* the same, its body from a file; NULL: not yet */
    atomic_int *files_left;
    size_t bytes;
    atomic_int holders;
    atomic_int sendings;
};

static void kept_end(void *kept)
{
    mem_free(((struct http_kept *)kept)->mem);
}

static bool may_have_file(const struct http_kept *kept)
{
    return kept->files_left && kept->reply.body_count >= HTTP_FILE_BYTES_MIN;
}

static size_t reply_bytes(const struct http_reply *reply)
{
    size_t bytes = sizeof(struct http_kept) + reply->body_count;
    for (int i = 0; i < reply->headers_count; i++)
        bytes +=
            strlen(reply->headers[i].name) + strlen(reply->headers[i].value) + HEADER_OWN_BYTES;
    return bytes;
}

static void reply_copy(struct mem *mem, const struct http_reply *from, struct http_reply *to)
{
    *to = *from;
    to->body = mem_copy(mem, from->body, from->body_count);
    for (int i = 0; i < from->headers_count; i++) {
        to->headers[i].name = mem_strdup(mem, from->headers[i].name);
        to->headers[i].value = mem_strdup(mem, from->headers[i].value);
    }
}

struct http_kept *http_keep(const struct http_reply *reply, atomic_int *files_left)
{
    assert(!reply->next && !reply->close);
    size_t bytes = reply_bytes(reply);
    struct mem *mem = mem_new_sized(bytes);
    struct http_kept *kept = MEM_NEW(mem, struct http_kept);
    kept->mem = mem;
    kept->bytes = bytes;
    kept->files_left = files_left;
    atomic_init(&kept->holders, 1);
    reply_copy(mem, reply, &kept->reply);
    struct MHD_Response *response =
        headers_add(MHD_create_response_from_buffer_with_free_callback_cls(
                        kept->reply.body_count, (void *)kept->reply.body, kept_end, kept),
                    &kept->reply, false);
    if (!response)
        return NULL; /* and its root has ended with it */
    kept->response = response;
    return kept;
}

struct http_kept *http_kept_take(struct http_kept *kept)
{
    atomic_fetch_add(&kept->holders, 1);
    return kept;
}

/* A file in memory, without a name, with the body; -1: it cannot be had. It is never written again:
 * what is on its way to a client are the file's own pages. */
static int body_file(const struct http_reply *reply)
{
    int file = memfd_create("page", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (file < 0)
        return -1;
    ssize_t written = write(file, reply->body, reply->body_count);
    int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
    if (written == (ssize_t)reply->body_count && fcntl(file, F_ADD_SEALS, seals) == 0)
        return file;
    close(file);
    return -1;
}

/* The library closes the file with the response. */
static struct MHD_Response *filed_new(const struct http_reply *reply)
{
    int file = body_file(reply);
    if (file < 0)
        return NULL;
    return headers_add(MHD_create_response_from_fd_at_offset64(reply->body_count, file, 0), reply,
                       false);
}

/* Gives it a file, if there is one left; NULL: there is none. */
static struct MHD_Response *kept_file(struct http_kept *kept)
{
    struct MHD_Response *filed = NULL;
    if (atomic_fetch_sub(kept->files_left, 1) > 0)
        filed = filed_new(&kept->reply);
    if (!filed)
        atomic_fetch_add(kept->files_left, 1);
    atomic_store(&kept->filed, filed);
    return filed;
}

void http_kept_give(struct http_kept *kept)
{
    if (!kept || atomic_fetch_sub(&kept->holders, 1) != 1)
        return;
    struct MHD_Response *filed = atomic_load(&kept->filed);
    if (filed) {
        atomic_fetch_add(kept->files_left, 1);
        MHD_destroy_response(filed);
    }
    MHD_destroy_response(kept->response);
}

const struct http_reply *http_kept_reply(const struct http_kept *kept)
{
    return &kept->reply;
}

size_t http_kept_bytes(const struct http_kept *kept)
{
    size_t pages = (kept->reply.body_count + MEMORY_PAGE_BYTES - 1) / MEMORY_PAGE_BYTES;
    size_t filed = may_have_file(kept) ? pages * MEMORY_PAGE_BYTES + RESPONSE_OWN_BYTES : 0;
    return kept->bytes + RESPONSE_OWN_BYTES + filed;
}

struct MHD_Response *http_kept_response(struct http_kept *kept, bool *ret_filed)
{
    struct MHD_Response *filed = atomic_load(&kept->filed);
    if (!filed && may_have_file(kept) &&
        atomic_fetch_add(&kept->sendings, 1) + 1 == HTTP_FILE_FROM_SENDING)
        filed = kept_file(kept);
    *ret_filed = filed != NULL;
    return filed ? filed : kept->response;
}
