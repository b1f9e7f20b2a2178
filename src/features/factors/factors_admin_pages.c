/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The administrator's page of factors: those in use, and the form that adds one, or one that takes
 * the place of another. */
#include <stddef.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "features/factors/factors.html.h"
#include "features/factors/factors_local.h"
#include "sys/lang.h"
#include "web/page.h"
#include "web/request.h"

#define WISH(member) offsetof(struct factor_wish, member)
#define LINE(field_name, words)                                                                    \
    .name = (field_name), .label = (words), .kind = FIELD_LINE, .required = true, .min = 1,        \
    .max = FACTOR_TEXT_CHARS_MAX
#define SCOPE(field_name, words)                                                                   \
    .name = (field_name), .label = (words), .kind = FIELD_LINE, .required = true, .min = 3,        \
    .max = FACTOR_SCOPE_CHARS_MAX

const struct form factor_form = {
    "factor", sizeof(struct factor_wish),
    (const struct field[]){
        {.name = "supersedes",
         .label = N_("Takes the place of"),
         .kind = FIELD_HANDLE,
         .min = 1,
         .max = 32,
         .offset = WISH(supersedes)},
        {.name = "basis",
         .label = N_("It multiplies"),
         .kind = FIELD_HANDLE,
         .required = true,
         .min = 1,
         .max = 32,
         .offset = WISH(basis)},
        {LINE("per_fr", N_("Per (in French)")),
         .hint = N_("What one unit is: kilometre by bike instead of by car."),
         .offset = WISH(per_fr)},
        {LINE("per_en", N_("Per (in English)")), .offset = WISH(per_en)},
        {LINE("low", N_("Low value")), .offset = WISH(low)},
        {LINE("high", N_("High value")),
         .hint = N_("The same as the low one, if the source gives no range."),
         .offset = WISH(high)},
        {LINE("unit_fr", N_("Unit (in French)")),
         .hint = N_("For example kg CO₂e, or litres of water."), .offset = WISH(unit_fr)},
        {LINE("unit_en", N_("Unit (in English)")), .offset = WISH(unit_en)},
        {LINE("label_fr", N_("What it is (in French)")),
         .hint = N_("It follows the unit: not emitted, saved, given."), .offset = WISH(label_fr)},
        {LINE("label_en", N_("What it is (in English)")), .offset = WISH(label_en)},
        {SCOPE("scope_fr", N_("What it counts, and what it leaves out (in French)")),
         .offset = WISH(scope_fr)},
        {SCOPE("scope_en", N_("What it counts, and what it leaves out (in English)")),
         .offset = WISH(scope_en)},
        {LINE("source", N_("Source")), .offset = WISH(source)},
        {.name = "url",
         .label = N_("Its web address"),
         .kind = FIELD_LINE,
         .max = FACTOR_URL_CHARS_MAX,
         .offset = WISH(url)},
        {LINE("version", N_("Version or edition")), .offset = WISH(version)},
        {.name = "year",
         .label = N_("Year of the value"),
         .kind = FIELD_INT,
         .required = true,
         .min = 1950,
         .max = 2200,
         .offset = WISH(year)},
        {LINE("read_on", N_("Looked up on")), .hint = N_("Year, month and day: 2026-11-21."),
         .offset = WISH(read_on)},
        {LINE("licence", N_("Licence of the data")), .offset = WISH(licence)},
        {.name = NULL},
    }};

static struct factor_line *line_of(struct request *rq, const struct factor *factor)
{
    struct mem *mem = rq->work.mem;
    struct factor_line *line = MEM_NEW(mem, struct factor_line);
    line->factor = factor;
    line->label = factor_text(rq, factor->label_fr, factor->label_en);
    line->per = factor_text(rq, factor->per_fr, factor->per_en);
    line->unit = factor_text(rq, factor->unit_fr, factor->unit_en);
    line->scope = factor_text(rq, factor->scope_fr, factor->scope_en);
    line->read_on = factor_read_words(rq, factor);
    line->low = factor_value_words(rq->lang, mem, factor->value_low);
    if (factor->value_high != factor->value_low)
        line->high = factor_value_words(rq->lang, mem, factor->value_high);
    if (factor->is_own)
        line->retire_path = path_make(mem, "/administration/factors/%s/retire", factor->handle);
    return line;
}

static const struct factor_line *lines_of(struct request *rq)
{
    const struct factor_line *first = NULL;
    const struct factor_line **end = &first;
    for (const struct factor *factor = factor_list(&rq->work); factor; factor = factor->next) {
        struct factor_line *line = line_of(rq, factor);
        *end = line;
        end = &line->next;
    }
    return first;
}

static const struct input_view *input(struct request *rq, const char *name)
{
    return form_input_view(rq, &factor_form, name, "");
}

const struct refusal *factors_admin_show(struct request *rq)
{
    bool beside_fields = rq->refusal && rq->refusal->status == 422;
    const struct factors_page view = {
        .lines = lines_of(rq),
        .errors = beside_fields ? form_summary(rq, &factor_form) : NULL,
        .refusal =
            rq->refusal && !beside_fields ? lang_text(rq->lang, rq->refusal->sentence) : NULL,
        .supersedes = input(rq, "supersedes")->value,
        .basis = input(rq, "basis")->value,
        .label_fr = input(rq, "label_fr"),
        .label_en = input(rq, "label_en"),
        .per_fr = input(rq, "per_fr"),
        .per_en = input(rq, "per_en"),
        .unit_fr = input(rq, "unit_fr"),
        .unit_en = input(rq, "unit_en"),
        .low = input(rq, "low"),
        .high = input(rq, "high"),
        .scope_fr = input(rq, "scope_fr"),
        .scope_en = input(rq, "scope_en"),
        .source = input(rq, "source"),
        .url = input(rq, "url"),
        .version = input(rq, "version"),
        .year = input(rq, "year"),
        .read_on = input(rq, "read_on"),
        .licence = input(rq, "licence"),
    };
    struct html *h = page_begin(rq, &(struct page){.title = lang_text(rq->lang, N_("Factors"))});
    factors_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

const struct refusal *factor_add_handle(struct request *rq)
{
    const struct refusal *refusal = factor_add(&rq->work, rq->input.parsed, &rq->input);
    if (!refusal)
        reply_see_other(rq, "/administration/factors");
    return refusal;
}

const struct refusal *factor_retire_handle(struct request *rq)
{
    const struct refusal *refusal = factor_retire(&rq->work, rq->params[0]);
    if (!refusal)
        reply_see_other(rq, "/administration/factors");
    return refusal;
}
