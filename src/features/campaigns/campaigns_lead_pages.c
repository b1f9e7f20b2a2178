/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Pages of publishing and approving, and what they add to other pages: what can be done with a
 * campaign as it is, and what waits for approval. */
#include <stddef.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "features/campaigns/campaigns_lead.h"
#include "features/campaigns/campaigns_lead.html.h"
#include "features/campaigns/campaigns_lead_pages.h"
#include "features/campaigns/campaigns_local.h"
#include "features/campaigns/campaigns_views.h"
#include "sys/lang.h"
#include "web/community.h"
#include "web/form.h"
#include "web/login.h"
#include "web/page.h"
#include "web/request.h"
#include "web/view.h"

#define PUBLISH(member) offsetof(struct publish_wish, member)

const struct form publish_form = {
    "publish", sizeof(struct publish_wish),
    (const struct field[]){
        {.name = "when",
         .label = N_("When does it open?"),
         .kind = FIELD_CHOICE,
         .required = true,
         .options =
             (const struct field_option[]){
                 {"now", N_("Now"), N_("People can sign up as soon as it is public.")},
                 {"later", N_("Later"),
                  N_("Its page is public at once; the form comes by itself.")},
                 {0}},
         .offset = PUBLISH(when)},
        {.name = "opens",
         .label = N_("Day and time"),
         .hint = N_("Only if it opens later, in the campaign’s time zone."),
         .kind = FIELD_WALL,
         .offset = PUBLISH(opens)},
        {.name = NULL},
    }};

struct word_form {
    const char *word;
};
const struct form approve_form = {"approve", sizeof(struct approve_wish),
                                  (const struct field[]){
                                      {.name = "word",
                                       .label = N_("A word with it, if you like"),
                                       .kind = FIELD_TEXT,
                                       .max = CAMPAIGN_WORD_BYTES_MAX,
                                       .offset = offsetof(struct approve_wish, word)},
                                      {.name = "sent_in",
                                       .label = N_("What was read"),
                                       .kind = FIELD_INT,
                                       .min = 1,
                                       .max = INT64_MAX,
                                       .offset = offsetof(struct approve_wish, sent_in)},
                                      {.name = NULL},
                                  }};
const struct form send_back_form = {
    "send-back", sizeof(struct word_form),
    (const struct field[]){
        {.name = "word",
         .label = N_("What should change?"),
         .hint = N_("The organiser gets it by e-mail, with a link to the draft."),
         .kind = FIELD_TEXT,
         .required = true,
         .min = 1,
         .max = CAMPAIGN_WORD_BYTES_MAX,
         .offset = offsetof(struct word_form, word)},
        {.name = NULL},
    }};

/* JSON. */

struct lead_answer {
    const char *slug;
    const char *state;
    const char *url;
    const struct view_text *missing;
    bool wants_approval;
    int64_t sent_in;
};
static const struct view_field lead_fields[] = {
    {"slug", VIEW_TEXT, offsetof(struct lead_answer, slug), NULL},
    {"state", VIEW_TEXT, offsetof(struct lead_answer, state), .words = campaign_state_names},
    {"url", VIEW_TEXT, offsetof(struct lead_answer, url), NULL},
    {"missing", VIEW_TEXTS, offsetof(struct lead_answer, missing), NULL},
    {"wants_approval", VIEW_BOOL, offsetof(struct lead_answer, wants_approval), NULL},
    {"sent_in", VIEW_INT_OR_NULL, offsetof(struct lead_answer, sent_in), NULL},
    {0},
};
const struct view lead_json = {"leading", lead_fields};

static const struct lack_line *lack_lines(struct request *rq, const struct campaign *campaign)
{
    const struct refusal *lacks[CAMPAIGN_LACKS_MAX];
    const struct session *sessions = campaign_sessions(&rq->work, campaign->id);
    int count = campaign_lacks(campaign, sessions, rq->work.now, lacks);
    const struct lack_line *first = NULL;
    while (count--) {
        struct lack_line *line = MEM_NEW(rq->work.mem, struct lack_line);
        *line = (struct lack_line){first, lang_text(rq->lang, lacks[count]->sentence)};
        first = line;
    }
    return first;
}

static const struct view_text *texts_of(struct request *rq, const struct lack_line *line)
{
    const struct view_text *first = NULL;
    const struct view_text **end = &first;
    for (; line; line = line->next) {
        struct view_text *text = MEM_NEW(rq->work.mem, struct view_text);
        text->text = line->words;
        *end = text;
        end = &text->next;
    }
    return first;
}

static void lead_reply_json(struct request *rq, const struct campaign *campaign)
{
    bool is_draft = campaign->state == CAMPAIGN_DRAFT;
    bool is_submitted = campaign->state == CAMPAIGN_SUBMITTED;
    const struct lead_answer json = {
        .slug = campaign->slug,
        .state = campaign_state_name(campaign->state),
        .url = work_url(&rq->work, campaign_path(&rq->work, campaign)),
        .missing = is_draft ? texts_of(rq, lack_lines(rq, campaign)) : NULL,
        .wants_approval = is_draft && campaign_wants_approval(&rq->work),
        .sent_in =
            is_submitted ? campaign_leading_get(&rq->work, campaign->id).submitted_at : VIEW_NONE,
    };
    reply_json(rq, &lead_json, &json);
}

const struct refusal *lead_done(struct request *rq, const struct refusal *refusal, const char *path)
{
    if (refusal)
        return refusal;
    const struct campaign *campaign = campaign_get_by_slug(&rq->work, rq->params[0]);
    if (rq->wants_json && campaign)
        lead_reply_json(rq, campaign);
    else
        reply_see_other(rq, path);
    return NULL;
}

const char *lead_page_path(struct request *rq, const char *page)
{
    return mem_printf(rq->work.mem, "%s/%s",
                      path_make(rq->work.mem, "/campaigns/%s", rq->params[0]), page);
}

/* A refusal that is not beside fields, in words. */
const char *lead_refusal(struct request *rq)
{
    bool beside_fields = rq->refusal && rq->refusal->status == 422;
    return rq->refusal && !beside_fields ? lang_text(rq->lang, rq->refusal->sentence) : NULL;
}

struct html *lead_page_begin(struct request *rq, const char *title)
{
    return page_begin(rq, &(struct page){.title = lang_text(rq->lang, title), .noindex = true});
}

/* NULL: others decide. */
static const char *approve_path(struct request *rq)
{
    return rq->work.login->role >= ROLE_FACILITATOR ? lead_page_path(rq, "approve") : NULL;
}

/* Publishing. */

const struct refusal *publish_show(struct request *rq)
{
    struct work *work = &rq->work;
    const struct campaign *campaign = campaign_get_by_slug(work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    if (rq->wants_json) {
        lead_reply_json(rq, campaign);
        return NULL;
    }
    bool later = campaign->opens_at > work->now;
    const struct publish_page view = {
        .campaign = campaign,
        .page_path = campaign_path(work, campaign),
        .edit_path = lead_page_path(rq, "edit"),
        .organise_path = lead_page_path(rq, "organise"),
        .action = lead_page_path(rq, "publish"),
        .approve_path = approve_path(rq),
        .refusal = lead_refusal(rq),
        .errors = rq->refusal && !lead_refusal(rq) ? form_summary(rq, &publish_form) : NULL,
        .lacks = lack_lines(rq, campaign),
        .wants_approval = campaign_wants_approval(work),
        .is_draft = campaign->state == CAMPAIGN_DRAFT,
        .is_submitted = campaign->state == CAMPAIGN_SUBMITTED,
        .word = campaign_leading_get(work, campaign->id).word,
        .when = form_input_view(rq, &publish_form, "when", later ? "later" : "now"),
        .opens = form_input_view(rq, &publish_form, "opens", later ? campaign->opens_local : ""),
    };
    struct html *h = lead_page_begin(rq, N_("Publish"));
    publish_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

const struct refusal *publish_handle(struct request *rq)
{
    const struct campaign *campaign = campaign_get_by_slug(&rq->work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    return lead_done(rq, campaign_send_out(&rq->work, campaign, rq->input.parsed, &rq->input),
                     lead_page_path(rq, "organise"));
}

/* Approving. */

const struct refusal *approve_show(struct request *rq)
{
    struct work *work = &rq->work;
    const struct campaign *campaign = campaign_get_by_slug(work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    if (rq->wants_json) {
        lead_reply_json(rq, campaign);
        return NULL;
    }
    bool beside_fields = rq->refusal && !lead_refusal(rq);
    const struct campaign_leading leading = campaign_leading_get(work, campaign->id);
    struct campaign_page_view preview = campaign_preview_view(rq, campaign);
    preview.bar = NULL; /* what it offers is for who leads it */
    const struct approve_page view = {
        .campaign = campaign,
        .organise_path = lead_page_path(rq, "organise"),
        .approve_action = lead_page_path(rq, "approve"),
        .back_action = lead_page_path(rq, "send-back"),
        .refusal = lead_refusal(rq),
        .errors = beside_fields ? form_summary(rq, &approve_form) : NULL,
        .back_errors = beside_fields ? form_summary(rq, &send_back_form) : NULL,
        .lacks = lack_lines(rq, campaign),
        .is_submitted = campaign->state == CAMPAIGN_SUBMITTED,
        .sent_in = leading.submitted_at,
        .preview = campaign->state == CAMPAIGN_SUBMITTED ? &preview : NULL,
        .opens = campaign_opening(rq, campaign),
        .word = form_input_view(rq, &approve_form, "word", ""),
        .back_word = form_input_view(rq, &send_back_form, "word", ""),
    };
    struct html *h = lead_page_begin(rq, N_("Approve a campaign"));
    approve_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

const struct refusal *approve_handle(struct request *rq)
{
    const struct campaign *campaign = campaign_get_by_slug(&rq->work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    return lead_done(rq, campaign_approve(&rq->work, campaign, rq->input.parsed),
                     campaign_path(&rq->work, campaign));
}

const struct refusal *send_back_handle(struct request *rq)
{
    const struct word_form *form = rq->input.parsed;
    const struct campaign *campaign = campaign_get_by_slug(&rq->work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    return lead_done(rq, campaign_send_back(&rq->work, campaign, form->word),
                     lead_page_path(rq, "approve"));
}

/* What they add to other pages. */

void approvals_panel(struct request *rq, struct html *h, int64_t object_id)
{
    (void)object_id; /* of the community that the request is for, whoever's page it is */
    const struct approval_line *first = NULL;
    const struct approval_line **end = &first;
    const struct login *login = rq->work.login;
    const struct campaign *campaign =
        login && login->role >= ROLE_FACILITATOR ? campaign_list_submitted(&rq->work) : NULL;
    for (; campaign; campaign = campaign->next) {
        struct approval_line *line = MEM_NEW(rq->work.mem, struct approval_line);
        line->campaign = campaign;
        line->path = path_make(rq->work.mem, "/campaigns/%s/approve", campaign->slug);
        line->since = lang_date(rq->lang, rq->work.mem, LANG_DATE,
                                campaign_leading_get(&rq->work, campaign->id).submitted_at,
                                rq->work.community->zone);
        *end = line;
        end = &line->next;
    }
    if (first)
        approvals(h, first);
}

void lead_panel(struct request *rq, struct html *h, int64_t campaign_id)
{
    struct work *work = &rq->work;
    const struct campaign *campaign = campaign_get(work, (struct campaign_id){campaign_id});
    if (!campaign)
        return;
    const char *path = campaign_path(work, campaign);
    const struct campaign_leading leading = campaign_leading_get(work, campaign->id);
    const struct lead_box view = {
        .state = (int)campaign->state,
        .may_extend = !campaign_refuses_extension(campaign, &leading, work->now),
        .is_reopening = campaign->state == CAMPAIGN_MISSED && leading.extended_at &&
                        campaign->closes_at > work->now,
        .is_ready = !lack_lines(rq, campaign),
        .wants_approval = campaign_wants_approval(work),
        .publish_path = mem_printf(work->mem, "%s/publish", path),
        .approve_path = approve_path(rq),
        .cancel_path = mem_printf(work->mem, "%s/cancel", path),
        .extend_path = mem_printf(work->mem, "%s/extend", path),
    };
    lead_box(h, &view);
}

struct safe_html lead_html(struct request *rq, const struct campaign *campaign)
{
    struct html *h = page_part_begin(rq);
    bool is_todo = campaign->state == CAMPAIGN_DRAFT || campaign->state == CAMPAIGN_SUBMITTED;
    if (!is_todo) /* what needs doing on top of the page says it */
        lead_panel(rq, h, campaign->id.n);
    return page_part_end(rq, h);
}
