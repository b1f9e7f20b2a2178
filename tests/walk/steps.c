/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The steps: one row each, with how often it is taken and how it is told. They go through the same
 * requests as everybody's; what cannot be is refused there, and that is fine. */
#include "walk/walk.h"

#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "features/campaigns/campaigns.h"
#include "story/make_campaigns.h"
#include "story/make_organisers.h"
#include "story/make_sign_ups.h"
#include "sys/db.h"
#include "sys/mail.h"
#include "web/work.h"

enum { PARTY = 3 };

const char *const campaign_slugs[CAMPAIGNS] = {"haie", "dates", "balai", "plus-tard"};
const char *const campaign_titles[CAMPAIGNS] = {"La haie du verger", "Trois dates au choix",
                                                "Du balai", "Plus tard dans la saison"};

const char *guest_email(struct mem *mem, int guest)
{
    return mem_printf(mem, "g%d@example.org", guest);
}

/* The four campaigns. */

static struct campaign_draft draft_of(int campaign, int64_t minimum)
{
    struct campaign_draft draft = make_draft(campaign_slugs[campaign], campaign_titles[campaign]);
    draft.campaign.minimum = minimum;
    draft.campaign.party_max = PARTY;
    return draft;
}

static void begin_with_dates(struct walk *walk)
{
    struct session third = make_session("2026-11-28T18:00:00", "2026-11-28T20:00:00", 4);
    struct session second = make_session("2026-11-28T14:00:00", "2026-11-28T16:00:00", 3);
    struct session first = make_session("2026-11-26T10:00:00", "2026-11-26T12:00:00", 4);
    first.next = &second;
    second.next = &third;
    struct campaign_draft draft = draft_of(1, 5);
    draft.sessions = &first;
    nadia_leads(walk->story, make_campaign(walk->story, &draft));
}

void walk_begin(struct walk *walk)
{
    struct story *story = walk->story;
    struct session hedge = make_session("2026-11-28T14:00:00", "2026-11-28T16:00:00", 8);
    struct campaign_draft draft = draft_of(0, 6);
    draft.sessions = &hedge;
    nadia_leads(story, make_campaign(story, &draft));
    begin_with_dates(walk);
    draft = draft_of(2, 4);
    draft.campaign.goal_unit = GOAL_QUANTITY;
    draft.campaign.quantity_unit = "e-mails";
    draft.campaign.target = 1000;
    draft.campaign.minutes_each = 30;
    nadia_leads(story, make_campaign(story, &draft));
    struct session late = make_session("2026-12-12T14:00:00", "2026-12-12T16:00:00", 6);
    draft = draft_of(3, 3);
    draft.sessions = &late;
    draft.campaign.opens_at = STORY_STARTS_AT + DAY_SECONDS;
    nadia_leads(story, make_campaign(story, &draft));
}

/* What steps share. */

static const char *path_of(struct walk *walk, const struct step *step, const char *rest)
{
    return mem_printf(walk->story->mem, "/campaigns/%s%s", campaign_slugs[step->n[1]], rest);
}

static int guest_of(const struct step *step)
{
    return step->n[0] % GUESTS;
}

/* One of the campaign's sessions as a field, "" where there are none. */
static const char *session_of(struct walk *walk, const struct step *step, int which)
{
    struct answer answer = story_get_json(walk->story, path_of(walk, step, ""));
    const char *at = strstr(answer.body, "\"sessions\":[{");
    if (answer.status != 200 || !at)
        return "";
    int count = 0;
    for (const char *id = at; (id = strstr(id, "\"capacity\"")); id++)
        count++;
    const char *path = mem_printf(walk->story->mem, "sessions.%d.id", count ? which % count : 0);
    return answer_text(answer, path);
}

static const char *newest_link(struct walk *walk, int guest)
{
    const char *email = guest_email(walk->story->mem, guest);
    bool has_link = story_mail_count(walk->story, email) > 0 &&
                    strstr(story_mail(walk->story, email)->text, "/sign-ups/");
    return has_link ? guest_link(walk->story, email) : NULL;
}

/* Of the guest that is meant, else of the next one who has a link to something in that campaign;
 * NULL: nobody has. */
static const char *link_of(struct walk *walk, const struct step *step)
{
    for (int i = 0; i < GUESTS; i++) {
        const char *link = walk->links[(guest_of(step) + i) % GUESTS][step->n[1]];
        if (link)
            return link;
    }
    return NULL;
}

/* Guests. */

static int ask(struct walk *walk, const struct step *step)
{
    struct mem *mem = walk->story->mem;
    const char *session = session_of(walk, step, step->n[2]);
    const char *fields = mem_printf(mem, "party=%d%s%s", step->n[2] % PARTY + 1,
                                    *session ? "&session=" : "", session);
    const char *email = guest_email(mem, guest_of(step));
    const char *slug = campaign_slugs[step->n[1]];
    int status = guest_asks_json(walk->story, slug, email, fields).status;
    const char *link = status == 201 ? newest_link(walk, guest_of(step)) : NULL;
    if (link)
        walk->links[guest_of(step)][step->n[1]] = link;
    return status;
}

static int send_to_link(struct walk *walk, const struct step *step, const char *verb,
                        const char *fields)
{
    const char *link = link_of(walk, step);
    return link ? guest_sends(walk->story, link, verb, fields).status : 0;
}

static int confirm(struct walk *walk, const struct step *step)
{
    return send_to_link(walk, step, "confirm", "");
}

static int change(struct walk *walk, const struct step *step)
{
    const char *session = session_of(walk, step, step->n[2] / PARTY);
    return send_to_link(walk, step, "change",
                        mem_printf(walk->story->mem, "party=%d%s%s", step->n[2] % PARTY + 1,
                                   *session ? "&session=" : "", session));
}

static int cancel(struct walk *walk, const struct step *step)
{
    return send_to_link(walk, step, "cancel", "");
}

static int report(struct walk *walk, const struct step *step)
{
    const char *link = link_of(walk, step);
    if (!link)
        return 0;
    const char *form = mem_printf(walk->story->mem, "token=%s&quantity=%d",
                                  link + strlen("/sign-ups/"), step->n[2] % 100 + 1);
    return story_post(walk->story, path_of(walk, step, "/reports"), form).status;
}

/* The organiser, who is signed in. */

static int add(struct walk *walk, const struct step *step)
{
    struct mem *mem = walk->story->mem;
    const char *session = session_of(walk, step, step->n[2]);
    bool has_email = step->n[2] % 2;
    return story_post(walk->story, path_of(walk, step, "/organise/people"),
                      mem_printf(mem, "first_name=Ajoutee&party=%d%s%s%s%s", step->n[2] % PARTY + 1,
                                 *session ? "&session=" : "", session, has_email ? "&email=" : "",
                                 has_email ? guest_email(mem, guest_of(step)) : ""))
        .status;
}

/* The page of somebody who is or was in; NULL: nobody. */
static const char *somebody(struct walk *walk, const struct step *step)
{
    struct answer answer = story_get_json(walk->story, path_of(walk, step, "/organise/people"));
    int count = 0;
    for (const char *at = answer.body; (at = strstr(at, "\"handle\"")); at++)
        count++;
    if (answer.status != 200 || count == 0)
        return NULL;
    const char *handle =
        answer_text(answer, mem_printf(walk->story->mem, "items.%d.handle", step->n[0] % count));
    return path_of(walk, step, mem_printf(walk->story->mem, "/organise/people/%s", handle));
}

static int take_out(struct walk *walk, const struct step *step)
{
    const char *page = somebody(walk, step);
    return page
               ? story_post(walk->story, mem_printf(walk->story->mem, "%s/remove", page), "").status
               : 0;
}

static int correct(struct walk *walk, const struct step *step)
{
    const char *page = somebody(walk, step);
    if (!page)
        return 0;
    const char *session = session_of(walk, step, step->n[2] / PARTY);
    return story_post(walk->story, page,
                      mem_printf(walk->story->mem, "first_name=Corrigee&party=%d%s%s",
                                 step->n[2] % PARTY + 1, *session ? "&session=" : "", session))
        .status;
}

static int move(struct walk *walk, const struct step *step)
{
    const char *session = session_of(walk, step, step->n[0]);
    if (!*session)
        return 0;
    int hour = 8 + step->n[2] % 9;
    int day = 26 + step->n[0] % 4;
    return story_post(
               walk->story,
               path_of(walk, step, mem_printf(walk->story->mem, "/edit/sessions/%s", session)),
               mem_printf(walk->story->mem,
                          "starts=2026-11-%dT%02d:00&ends=2026-11-%dT%02d:30&capacity=%d"
                          "&time_zone=Europe/Paris&sure=true",
                          day, hour, day, hour + 1, 2 + step->n[2] % 8))
        .status;
}

static int extend(struct walk *walk, const struct step *step)
{
    return story_post(walk->story, path_of(walk, step, "/extend"),
                      mem_printf(walk->story->mem, "closes=2026-12-%02dT10:00", 1 + step->n[2] % 9))
        .status;
}

static int call_off(struct walk *walk, const struct step *step)
{
    return story_post(walk->story, path_of(walk, step, "/cancel"), "reason=Tempete").status;
}

static int finish(struct walk *walk, const struct step *step)
{
    return story_post(walk->story, path_of(walk, step, "/organise/done"), "thanks=Merci&sure=true")
        .status;
}

/* The clock. */

/* Mostly minutes, often hours, sometimes a day and more. */
static int64_t seconds_of(const struct step *step)
{
    int amount = step->n[2] % 40 + 1;
    int kind = step->n[0] % 20;
    if (kind < 10)
        return amount * (int64_t)MINUTE_SECONDS;
    return kind < 17 ? amount * (int64_t)HOUR_SECONDS / 8 : amount * (int64_t)HOUR_SECONDS;
}

static int wait_a_little(struct walk *walk, const struct step *step)
{
    story_wait(walk->story, seconds_of(step));
    walk->jobs_ran = true;
    return 0;
}

/* As when the machine is busy: dates pass, and what is due is done later. */
static int wait_alone(struct walk *walk, const struct step *step)
{
    time_passes_alone(walk->story, seconds_of(step));
    return 0;
}

/* A fault that was planted: a seat that nobody holds. */
static void lose_a_seat(struct work *work, void *context)
{
    (void)context;
    tx_do(work->tx, "UPDATE session SET taken = taken + 1");
}

static int plant(struct walk *walk, const struct step *step)
{
    (void)step;
    story_write(walk->story, lose_a_seat, NULL);
    return 0;
}

static const struct {
    int weight;
    const char *words; /* followed by the slug of the campaign and the two other numbers */
    int (*take)(struct walk *walk, const struct step *step);
} kinds[] = {
    {24, "a guest asks for places", ask},
    {30, "a guest confirms", confirm},
    {6, "a guest changes the party or the date", change},
    {6, "a guest leaves", cancel},
    {5, "a guest reports", report},
    {7, "the organiser adds somebody", add},
    {3, "the organiser takes somebody out", take_out},
    {4, "the organiser changes somebody", correct},
    {5, "the organiser moves a session", move},
    {3, "the organiser extends it", extend},
    {1, "the organiser cancels it", call_off},
    {2, "the organiser says that it is done", finish},
    {20, "time passes, and what is due is done", wait_a_little},
    {4, "time passes alone", wait_alone},
    {0, "a fault is planted", plant},
};

enum { KINDS = sizeof kinds / sizeof *kinds, NUMBER_END = 1000 };

struct step step_make(uint64_t (*next)(void *), void *random)
{
    int all = 0;
    for (int i = 0; i < KINDS; i++)
        all += kinds[i].weight;
    int at = (int)(next(random) % (uint64_t)all);
    struct step step = {0};
    while (at >= kinds[step.what].weight)
        at -= kinds[step.what++].weight;
    for (int i = 0; i < STEP_NUMBERS; i++)
        step.n[i] = (int)(next(random) % NUMBER_END);
    step.n[1] %= CAMPAIGNS;
    return step;
}

struct step step_planted(void)
{
    return (struct step){.what = KINDS - 1};
}

int step_take(struct walk *walk, const struct step *step)
{
    walk->jobs_ran = false;
    int status = kinds[step->what].take(walk, step);
    if (status >= 500)
        fail_msg("%s: %d", step_words(walk->story->mem, step), status);
    return status;
}

const char *step_words(struct mem *mem, const struct step *step)
{
    return mem_printf(mem, "%s [%s, %d, %d]", kinds[step->what].words, campaign_slugs[step->n[1]],
                      step->n[0], step->n[2]);
}
