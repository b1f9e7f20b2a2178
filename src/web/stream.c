/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answers that are too long for memory: made in pieces, each when the one before is on its way,
 * each in a short read transaction of its own. No snapshot is held while somebody reads slowly, so
 * what changes meanwhile may be in it or not; a walk by a key still shows each row once. */
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "sys/db.h"
#include "sys/db_readers.h"
#include "web/app.h"
#include "web/reply.h"
#include "web/request.h"

struct stream {
    struct request *rq;
    stream_piece *piece;
    void *state;
    struct buf *out; /* of the present piece */
    bool ended;
};

static void out_empty(struct buf *out)
{
    out->length = 0;
    out->bytes[0] = '\0';
}

/* What the database or a bound said; NULL when the piece is fine. */
static const char *fault_of(const struct work *work, const struct stream *stream)
{
    if (tx_fault(work->tx))
        return mem_strdup(stream->rq->work.mem, tx_error(work->tx));
    return stream->out->over || mem_is_over(work->mem) ? "memory" : NULL;
}

static bool piece_make(struct stream *stream)
{
    struct request *rq = stream->rq;
    struct db *db = db_readers_take(rq->work.app->readers);
    rq->fault = db ? NULL : "the database cannot be opened";
    if (!db)
        return false;
    struct work work = rq->work;
    work.mem = mem_new(REQUEST_BYTES_MAX);
    work.read = (struct notes){0};
    memset(work.recalls, 0, sizeof work.recalls); /* of the snapshot before */
    work.tx = db_begin(db, work.mem);
    tx_limit(work.tx, READ_MS_MAX);
    stream->ended = !stream->piece(&work, stream->state, stream->out);
    rq->fault = fault_of(&work, stream);
    tx_rollback(work.tx);
    db_readers_give(rq->work.app->readers, db);
    mem_free(work.mem);
    return !rq->fault;
}

static bool next_piece(void *context, const char **ret_bytes, size_t *ret_count)
{
    struct stream *stream = context;
    out_empty(stream->out);
    while (stream->out->length == 0 && !stream->ended)
        if (!piece_make(stream)) {
            log_event(LOG_ERROR, "stream_cut", log_text("request", request_id(stream->rq)),
                      log_text("route", stream->rq->route->path),
                      log_text("error", stream->rq->fault));
            return false;
        }
    *ret_bytes = stream->out->bytes;
    *ret_count = stream->out->length;
    return true;
}

void reply_stream(struct request *rq, const char *type, stream_piece *piece, void *state)
{
    struct stream *stream = MEM_NEW(rq->work.mem, struct stream);
    *stream =
        (struct stream){rq, piece, state, buf_new(rq->work.mem, STREAM_PIECE_BYTES_MAX), false};
    reply_text(rq, 200, type, "");
    rq->reply.next = next_piece;
    rq->reply.next_context = stream;
}

bool reply_collect(struct request *rq)
{
    struct http_reply *reply = &rq->reply;
    if (!reply->next)
        return true;
    struct buf *all = buf_new(rq->work.mem, REPLY_BYTES_MAX);
    const char *bytes;
    size_t count;
    do {
        if (!reply->next(reply->next_context, &bytes, &count))
            return false;
        buf_add(all, bytes, count);
    } while (count > 0);
    reply->next = NULL;
    reply->body = all->bytes;
    reply->body_count = all->length;
    return !all->over;
}
