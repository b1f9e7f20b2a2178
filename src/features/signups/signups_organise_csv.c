/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* All people of a campaign as a table for a spreadsheet, in the order in which they came: a walk by
 * the key, a page of rows at a time while the answer goes out, in the memory of one page. */
#include "base/csv.h"
#include "base/mem.h"
#include "base/refusal.h"
#include "base/time.h"
#include "features/signups/signups_organise.h"
#include "features/signups/signups_organise_views.h"
#include "features/signups/signups_views.h"
#include "sys/lang.h"
#include "sys/zone.h"
#include "web/request.h"

/* What is kept from page to page. */
struct walk {
    const struct request *rq;
    const struct campaign *campaign;
    int64_t after;
    bool has_begun;
};

static void header_row(const struct lang *lang, struct csv *csv)
{
    static const char *const names[] = {
        N_("First name"),        N_("E-mail address"), N_("How many"),
        N_("Session"),           N_("Starts"),         N_("State"),
        N_("Signed up"),         N_("Confirmed"),      N_("Brought by"),
        N_("E-mails come back"), N_("Note"),
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        csv_text(csv, lang_text(lang, names[i]));
    csv_end_row(csv);
}

/* "2026-11-28 14:00", which spreadsheets of every language read as a date. */
static const char *time_cell(struct work *work, const struct zone *zone, int64_t at)
{
    if (at == 0)
        return NULL;
    struct wall wall = zone_wall(zone, at);
    return mem_printf(work->mem, "%04d-%02d-%02d %02d:%02d", wall.year, wall.month, wall.day,
                      wall.hour, wall.minute);
}

static void person_row(struct work *work, const struct walk *walk, const struct session *session,
                       const struct participant *p, struct csv *csv)
{
    const struct zone *zone = campaign_zone(work, walk->campaign);
    csv_text(csv, p->first_name);
    csv_text(csv, p->email);
    csv_int(csv, p->party);
    csv_text(csv, session ? session->title : NULL);
    csv_text(csv,
             session ? time_cell(work, session_zone(work, session), session->starts_at) : NULL);
    csv_text(csv, participant_state_words(walk->rq, p->state, p->again));
    csv_text(csv, time_cell(work, zone, p->created_at));
    csv_text(csv, time_cell(work, zone, p->confirmed_at));
    csv_text(csv, p->brought_by);
    csv_text(csv, p->bounced ? lang_text(walk->rq->lang, N_("yes")) : NULL);
    csv_text(csv, p->note);
    csv_end_row(csv);
}

static bool people_piece(struct work *work, void *state, struct buf *out)
{
    struct walk *walk = state;
    struct csv csv = {.out = out};
    if (!walk->has_begun) {
        csv_begin(&csv);
        header_row(walk->rq->lang, &csv);
        walk->has_begun = true;
    }
    const struct session *sessions = campaign_sessions(work, walk->campaign->id);
    int count = 0;
    for (const struct participant *p =
             participant_list_after(work, walk->campaign->id, walk->after, PARTICIPANTS_CSV_PAGE);
         p; p = p->next, count++) {
        person_row(work, walk, session_among(sessions, p->session_id), p, &csv);
        walk->after = p->id.n;
    }
    return count == PARTICIPANTS_CSV_PAGE;
}

const struct refusal *people_csv_handle(struct request *rq)
{
    struct mem *mem = rq->work.mem;
    const struct campaign *campaign = campaign_get_by_slug(&rq->work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    campaign_audit(&rq->work, campaign, AUDIT_PEOPLE_EXPORT, "");
    struct walk *walk = MEM_NEW(mem, struct walk);
    walk->rq = rq;
    walk->campaign = campaign;
    reply_stream(rq, "text/csv; charset=utf-8", people_piece, walk);
    http_reply_header(&rq->reply, "Content-Disposition",
                      mem_printf(mem, "attachment; filename=\"%s.csv\"", campaign->slug));
    return NULL;
}

/* Taking everybody's data along is written down, which a GET cannot do. */
const struct refusal *people_csv_again_handle(struct request *rq)
{
    reply_see_other(rq, path_make(rq->work.mem, "/campaigns/%s/organise/people", rq->params[0]));
    return NULL;
}
