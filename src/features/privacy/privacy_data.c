/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The rules of one's own data. Who asks shows that the address is theirs by a link that was mailed
 * to it within the hour: a browser that is still signed in, or an old mail that was passed on, is
 * no proof for what cannot be taken back. Whether anything is kept of an address is told to who
 * reads its mails alone. */
#include <jansson.h>
#include <string.h>

#include "base/buf.h"
#include "base/csv.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/refusal.h"
#include "core/jobs/jobs.h"
#include "core/outbox/outbox.h"
#include "features/privacy/privacy_local.h"
#include "sys/crypt.h"
#include "sys/lang.h"
#include "sys/mail.h"
#include "web/app.h"
#include "web/feature.h"
#include "web/url.h"
#include "web/work.h"

static const char *hash_of(struct work *work, const char *token)
{
    return crypt_sha256(work->mem, token, strlen(token));
}

const struct refusal *data_ask(struct work *work, const char *email, const struct lang *lang)
{
    const char *normal = mail_address_normal(work->mem, email);
    const struct refusal *refusal = outbox_refuses_typed(work, normal, DATA_TYPED);
    if (refusal)
        return refusal;
    const char *token = work_new_handle(work, DATA_TOKEN_CHARS);
    data_link_insert(work, hash_of(work, token), normal);
    privacy_mail_link(work, normal, path_make(work->mem, "/my-data/%s", token), lang);
    return NULL;
}

const char *data_of_token(struct work *work, const char *token)
{
    return data_link_email(work, hash_of(work, token));
}

json_t *data_export(struct work *work, const char *email)
{
    json_t *object = json_object();
    for (const struct feature *const *f = work->app->features; *f; f++)
        (*f)->export_person(work, email, object);
    return object;
}

static int take_bytes(const char *bytes, size_t count, void *out)
{
    buf_add(out, bytes, count);
    return 0;
}

const char *data_json(struct work *work, const char *email)
{
    struct buf *out = buf_new(work->mem, REPLY_BYTES_MAX);
    json_t *object = data_export(work, email);
    json_object_set_new(object, "exported_at", json_string(time_rfc3339(work->mem, work->now)));
    json_dump_callback(object, take_bytes, out, JSON_INDENT(2));
    json_decref(object);
    return out->over ? NULL : out->bytes;
}

/* The second of somebody's sign-ups. */
struct data_item {
    const char *kind;
    int number;
    json_t *value;
};

/* A cell of the table; what is no plain value stands there as JSON. */
static const char *cell_of(struct mem *mem, const json_t *value)
{
    if (json_is_string(value))
        return json_string_value(value);
    struct buf *out = buf_new(mem, REPLY_BYTES_MAX);
    json_dump_callback(value, take_bytes, out, JSON_COMPACT | JSON_ENCODE_ANY);
    return out->bytes;
}

static void value_row(struct csv *csv, struct mem *mem, const struct data_item *item,
                      const char *name, const json_t *value)
{
    csv_text(csv, item->kind);
    csv_int(csv, item->number);
    csv_text(csv, name);
    csv_text(csv, cell_of(mem, value));
    csv_end_row(csv);
}

static void item_rows(struct csv *csv, struct mem *mem, const struct data_item *item)
{
    if (!json_is_object(item->value))
        value_row(csv, mem, item, NULL, item->value);
    for (void *at = json_object_iter(item->value); at; at = json_object_iter_next(item->value, at))
        value_row(csv, mem, item, json_object_iter_key(at), json_object_iter_value(at));
}

static void part_rows(struct csv *csv, struct mem *mem, const char *kind, json_t *part)
{
    if (!json_is_array(part))
        item_rows(csv, mem, &(struct data_item){kind, 1, part});
    for (size_t i = 0; i < json_array_size(part); i++)
        item_rows(csv, mem, &(struct data_item){kind, (int)i + 1, json_array_get(part, i)});
}

const char *data_csv(struct work *work, const char *email, const struct lang *lang)
{
    static const char *const heads[] = {N_("Kind"), N_("Number"), N_("Name"), N_("Value")};
    struct csv csv = {.out = buf_new(work->mem, REPLY_BYTES_MAX)};
    json_t *object = data_export(work, email);
    csv_begin(&csv);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        csv_text(&csv, lang_text(lang, heads[i]));
    csv_end_row(&csv);
    for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at))
        part_rows(&csv, work->mem, json_object_iter_key(at), json_object_iter_value(at));
    json_decref(object);
    return csv.out->over ? NULL : csv.out->bytes;
}

const struct refusal *data_refuses_erasing(struct work *work, const char *email)
{
    for (const struct feature *const *f = work->app->features; *f; f++) {
        const struct refusal *refusal = (*f)->needs_person ? (*f)->needs_person(work, email) : NULL;
        if (refusal)
            return refusal;
    }
    return NULL;
}

const struct refusal *data_erase(struct work *work, const char *email, const struct lang *lang)
{
    const struct refusal *refusal = data_refuses_erasing(work, email);
    if (refusal)
        return refusal;
    feature_forget_person(work, email);
    privacy_mail_erased(work, email, lang);
    job_add(work, JOB_FAREWELL, outbox_last_id(work), work->now + HOUR_SECONDS);
    return NULL;
}
