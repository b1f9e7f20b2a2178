/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What waits for its half hour: who changed something sees what is about to go out, to how many and
 * when, while it can still be changed. Counted by sessions, since it would take long to ask of each
 * person what they agreed to: who chose the new time already is among them, and is not asked. */
#include "base/mem.h"
#include "features/signups/signups_again.h"
#include "features/signups/signups_local.h"
#include "features/signups/signups_views.h"
#include "sys/lang.h"
#include "web/feature.h"
#include "web/request.h"
#include "web/work.h"

/* The first change of each part: how it was for those who are in since before. */
struct first_change {
    const struct first_change *next;
    const struct campaign_change *change;
};

static const struct first_change *first_changes(struct mem *mem,
                                                const struct campaign_change *change)
{
    const struct first_change *all = NULL;
    for (; change; change = change->next) {
        const struct first_change *known = all;
        while (known && (known->change->of != change->of ||
                         known->change->session_id.n != change->session_id.n))
            known = known->next;
        if (known)
            continue;
        struct first_change *first = MEM_NEW(mem, struct first_change);
        *first = (struct first_change){all, change};
        all = first;
    }
    return all;
}

struct coming {
    int64_t asked;
    int64_t told; /* and not asked */
};

/* What the people of one session are about to hear. */
static void count_session(const struct campaign *campaign, const struct session *session,
                          const struct first_change *first, int64_t now, struct coming *coming)
{
    bool hears = false;
    bool is_asked = false;
    for (; first; first = first->next) {
        const struct campaign_change *change = first->change;
        bool of_campaign = change->session_id.n == 0;
        if ((!of_campaign && change->session_id.n != session->id.n) ||
            campaign_change_is_undone(change, campaign, of_campaign ? NULL : session))
            continue;
        hears = true;
        is_asked |= campaign_change_asks(change, session, now);
    }
    int64_t people = session->taken - session->pending;
    coming->asked += is_asked ? people : 0;
    coming->told += hears && !is_asked ? people : 0;
}

static void add(struct request *rq, struct todo_list *list, const char *pattern, int64_t people,
                const char *time)
{
    const struct lang_hole holes[] = {{"n", lang_number(rq->lang, rq->work.mem, people)},
                                      {"time", time}};
    if (people > 0)
        todo_add(list, &(struct todo){.urgency = TODO_LATER,
                                      .words = lang_fill(rq->work.mem, pattern, holes, 2)});
}

void sign_up_coming_todos(struct request *rq, int64_t campaign_id, struct todo_list *list)
{
    struct work *work = &rq->work;
    const struct campaign_id id = {campaign_id};
    const struct campaign_change *noted = campaign_changes_noted(work, id);
    const struct campaign *campaign = noted ? campaign_get(work, id) : NULL;
    if (!campaign)
        return;
    const struct first_change *first = first_changes(work->mem, noted);
    struct coming coming = {0};
    for (const struct session *s = campaign_sessions(work, id); s; s = s->next)
        count_session(campaign, s, first, work->now, &coming);
    const char *time =
        lang_date(rq->lang, work->mem, LANG_TIME, noted->at + CHANGES_GATHERED_SECONDS,
                  campaign_zone(work, campaign));
    add(rq, list,
        lang_plural(rq->lang,
                    "At {time}, {n} person is asked whether they can still come. What you "
                    "change until then is told with it.",
                    "At {time}, {n} people are asked whether they can still come. What you "
                    "change until then is told with it.",
                    coming.asked),
        coming.asked, time);
    add(rq, list,
        lang_plural(rq->lang, "At {time}, {n} person hears what has changed.",
                    "At {time}, {n} people hear what has changed.", coming.told),
        coming.told, time);
}
