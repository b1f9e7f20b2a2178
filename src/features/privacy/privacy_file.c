/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One's own data as a file, JSON or a table of kind, number, name and value: made while it goes
 * out, a page of one feature's list in each piece. A piece asks that feature for all it keeps and
 * writes its page of it: nothing is held from piece to piece, however long somebody reads. */
#include <jansson.h>

#include "base/buf.h"
#include "base/csv.h"
#include "base/mem.h"
#include "features/privacy/privacy_local.h"
#include "sys/json.h"
#include "sys/lang.h"
#include "web/app.h"
#include "web/feature.h"
#include "web/request.h"
#include "web/work.h"

enum { ITEMS_PAGE = 500 };

/* How far it has come: in the list of features, the parts of what that one keeps, its items. */
struct data_file {
    const char *email;
    const struct lang *lang;
    bool as_table;
    bool has_begun;
    int feature;
    int part;
    size_t item;
};

static void json_put(struct buf *out, const json_t *value)
{
    buf_put_json(out, value, JSON_COMPACT | JSON_ENCODE_ANY);
}

/* The second of somebody's sign-ups. */
struct data_item {
    const char *kind;
    size_t number;
    json_t *value;
};

/* A cell of the table; what is no plain value stands there as JSON. */
static const char *cell_of(struct mem *mem, const json_t *value)
{
    if (json_is_string(value))
        return json_string_value(value);
    struct buf *out = buf_new(mem, REPLY_BYTES_MAX);
    json_put(out, value);
    return out->bytes;
}

static void value_row(struct csv *csv, struct mem *mem, const struct data_item *item,
                      const char *name, const json_t *value)
{
    csv_text(csv, item->kind);
    csv_int(csv, (int64_t)item->number);
    csv_text(csv, name);
    csv_text(csv, cell_of(mem, value));
    csv_end_row(csv);
}

static void item_rows(struct buf *out, struct mem *mem, const struct data_item *item)
{
    struct csv csv = {.out = out};
    if (!json_is_object(item->value))
        value_row(&csv, mem, item, NULL, item->value);
    for (void *at = json_object_iter(item->value); at; at = json_object_iter_next(item->value, at))
        value_row(&csv, mem, item, json_object_iter_key(at), json_object_iter_value(at));
}

/* Items of a list from `file->item` on, which is behind its end where some have been erased since
 * the last piece; true: there are more. */
static bool list_put(struct data_file *file, struct mem *mem, struct buf *out,
                     const struct data_item *list)
{
    size_t count = json_array_size(list->value);
    size_t end = file->item + ITEMS_PAGE < count ? file->item + ITEMS_PAGE : count;
    for (; file->item < end; file->item++) {
        struct data_item item = {list->kind, file->item + 1,
                                 json_array_get(list->value, file->item)};
        if (file->as_table) {
            item_rows(out, mem, &item);
            continue;
        }
        buf_put(out, file->item > 0 ? ",\n" : "\n");
        json_put(out, item.value);
    }
    return end < count;
}

/* One part of what a feature keeps, as far as it fits into this piece; true: there is more. */
static bool part_put(struct data_file *file, struct mem *mem, struct buf *out, const char *kind,
                     json_t *part)
{
    const struct data_item whole = {kind, 1, part};
    bool is_list = json_is_array(part);
    if (!file->as_table && file->item == 0) {
        buf_put(out, "\"");
        buf_put(out, kind);
        buf_put(out, is_list ? "\": [" : "\": ");
    }
    if (is_list && list_put(file, mem, out, &whole))
        return true;
    if (file->as_table && !is_list)
        item_rows(out, mem, &whole);
    if (!file->as_table && !is_list)
        json_put(out, part);
    if (!file->as_table)
        buf_put(out, is_list ? "],\n" : ",\n");
    return false;
}

static void begin(struct data_file *file, struct buf *out)
{
    static const char *const heads[] = {N_("Kind"), N_("Number"), N_("Name"), N_("Value")};
    struct csv csv = {.out = out};
    if (!file->as_table) {
        buf_put(out, "{");
        return;
    }
    csv_begin(&csv);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        csv_text(&csv, lang_text(file->lang, heads[i]));
    csv_end_row(&csv);
}

/* From the part that comes next to the end of that feature's, or of the page. */
static void feature_put(struct data_file *file, struct work *work, struct buf *out,
                        const struct feature *feature)
{
    json_t *object = json_object();
    feature->export_person(work, file->email, object);
    int part = 0;
    bool more = false;
    for (void *at = json_object_iter(object); at && !more; at = json_object_iter_next(object, at)) {
        if (part++ < file->part)
            continue;
        more = part_put(file, work->mem, out, json_object_iter_key(at), json_object_iter_value(at));
        if (more)
            continue;
        file->part++;
        file->item = 0;
    }
    json_decref(object);
    if (more)
        return;
    file->feature++;
    file->part = 0;
}

static bool piece(struct work *work, void *state, struct buf *out)
{
    struct data_file *file = state;
    if (!file->has_begun)
        begin(file, out);
    file->has_begun = true;
    const struct feature *feature = work->app->features[file->feature];
    if (feature)
        feature_put(file, work, out, feature);
    else if (!file->as_table)
        buf_put(out, mem_printf(work->mem, "\"exported_at\": \"%s\"}\n",
                                time_rfc3339(work->mem, work->now)));
    return feature != NULL;
}

void data_file_reply(struct request *rq, const char *email, bool as_table)
{
    struct data_file *file = MEM_NEW(rq->work.mem, struct data_file);
    *file = (struct data_file){.email = email, .lang = rq->lang, .as_table = as_table};
    reply_stream(rq, as_table ? "text/csv; charset=utf-8" : "application/json", piece, file);
    http_reply_header(&rq->reply, "Content-Disposition",
                      as_table ? "attachment; filename=\"essaim.csv\""
                               : "attachment; filename=\"essaim.json\"");
}
