/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Keys of requests: found by a keyed hash of route, person and key, so that the table tells nothing
 * about people. */
#include "core/keys/keys.h"

#include "base/limits.h"
#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "base/time.h"
#include "core/keys/keys_local.h"
#include "migrations.h"
#include "sys/crypt.h"
#include "web/feature.h"
#include "web/request.h"

enum { KEY_SECONDS = DAY_SECONDS, KEY_FORGET_SECONDS = HOUR_SECONDS };

static const struct refusal key_reused = {
    .status = 422,
    .name = "key_reused",
    .sentence = N_("This key was used before, for something else. Please choose a new one.")};

static const char *hash_of(struct request *rq, const char *who, const char *key)
{
    const char *text = mem_printf(rq->work.mem, "%s\n%s\n%s", rq->http->path, who, key);
    return work_mac(&rq->work, "request_key", text);
}

/* Keyed as well: a form has little that cannot be guessed. */
static const char *body_hash_of(struct request *rq)
{
    const char *hash = crypt_sha256(rq->work.mem, rq->http->body, rq->http->body_count);
    return work_mac(&rq->work, "request_key_body", hash);
}

const struct refusal *key_find(struct request *rq, const char *who, const char *key,
                               int64_t *ret_row_id)
{
    *ret_row_id = 0;
    if (str_is_empty(key))
        return NULL;
    const struct request_key *kept = request_key_get(&rq->work, hash_of(rq, who, key));
    if (!kept)
        return NULL;
    if (!str_equal(kept->body_hash, body_hash_of(rq)))
        return &key_reused;
    *ret_row_id = kept->row_id;
    return NULL;
}

void key_keep(struct request *rq, const char *who, const char *key, int64_t row_id)
{
    if (str_is_empty(key))
        return;
    request_key_insert(&rq->work, hash_of(rq, who, key),
                       &(struct request_key){body_hash_of(rq), row_id});
}

static void forget_run(struct work *work, struct job *job)
{
    int forgotten = request_keys_forget(work, work->now - KEY_SECONDS);
    bool more = forgotten == JOB_PAGE_ROWS;
    job->again_at = more ? work->now : work->now + KEY_FORGET_SECONDS;
}

const struct feature keys_feature = {
    .name = "keys",
    .migrations = keys_migrations,
    .jobs = (const struct job_kind[]){{"keys.forget", forget_run, .always = true}, {.name = NULL}},
    .export_person = feature_keeps_no_person,
    .forget_person = feature_forgets_no_person,
};
