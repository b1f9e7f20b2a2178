/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* `essaim demo`: fills an empty data folder through the very rules that the web uses, on a clock of
 * its own that lives each campaign's days again, many sign-ups to a commit. Its mails are written
 * like all others, and dropped at the end. */
#include <assert.h>
#include <stdio.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "core/jobs/jobs.h"
#include "core/outbox/outbox.h"
#include "features/campaigns/campaigns.h"
#include "features/factors/factors.h"
#include "features/reports/reports.h"
#include "features/signups/signups.h"
#include "main/commands.h"
#include "main/demo_local.h"
#include "main/features.h"
#include "main/program.h"
#include "main/settings.h"
#include "sys/clock.h"
#include "sys/lang.h"
#include "sys/words.h"
#include "sys/zone.h"
#include "web/community.h"
#include "web/form.h"
#include "web/work.h"

enum {
    BATCH = 200,          /* sign-ups to a commit */
    CONFIRMS_OF_100 = 96, /* the others let it lapse */
    SHOWS_NAME_OF_100 = 45,
    BROUGHT_OF_100 = 35,
    REPORTS_OF_100 = 82,
    WRITES_NOTE_OF_100 = 6,
    OPENS_HOUR = 8,
    CLOSES_HOUR = 20,
    REFS_KEPT = 512,        /* people whose links are still going round */
    QUANTITY_PEOPLE = 5000, /* demo_campaign.quantity is meant for so many */
};

/* A demonstration being made: one campaign after the other. */
struct demo {
    struct program *program;
    const struct settings *settings;
    const struct demo_campaign *campaign;
    const struct lang *lang;
    struct clock *clock;
    const struct zone *zone;
    int64_t real_now;
    struct campaign_id id;
    const char *refusal; /* the first thing that was refused; NULL: nothing */
    int64_t people_left; /* to be confirmed still */
    int64_t number;      /* of the next person */
    int64_t quantity_left;
    int notes; /* told so far */
    char refs[REFS_KEPT][16];
    int refs_count;
    bool found_empty;
};

static const char *text_of(const struct demo *demo, struct demo_text text)
{
    const char *words = str_equal(lang_code(demo->lang), "fr") ? text.fr : text.en;
    return words ? words : "";
}

static uint32_t chance(const struct demo *demo, uint32_t below)
{
    return random_below(demo->program->app.random, below);
}

static uint32_t names_count(void)
{
    uint32_t count = 0;
    while (demo_names[count])
        count++;
    return count;
}

static bool happens(const struct demo *demo, uint32_t of_100)
{
    return chance(demo, 100) < of_100;
}

static void note_refusal(struct demo *demo, const struct refusal *refusal)
{
    if (refusal && !demo->refusal)
        demo->refusal = refusal->sentence;
}

/* The wall clock of a date: the n-th Saturday from now, at that hour. */
static const char *saturday_at(struct demo *demo, struct mem *mem, int saturday, int hour)
{
    struct wall today = zone_wall(demo->zone, demo->real_now);
    int64_t days = (6 - today.weekday + 7) % 7 + 7 * (int64_t)saturday;
    struct wall day = wall_from_seconds(wall_to_seconds(&today) + days * DAY_SECONDS);
    return mem_printf(mem, "%04d-%02d-%02dT%02d:00:00", day.year, day.month, day.day, hour);
}

/* So many days from now, at an hour that somebody would choose. */
static int64_t day_at(const struct demo *demo, int days, int hour)
{
    struct wall wall = zone_wall(demo->zone, demo->real_now + days * (int64_t)DAY_SECONDS);
    wall.hour = hour;
    wall.minute = wall.second = 0;
    return zone_utc(demo->zone, &wall);
}

/* The last evening that is not more than so many days away. */
static int64_t closing_of(const struct demo *demo, int days)
{
    int64_t at = day_at(demo, days, CLOSES_HOUR);
    bool is_later = at > demo->real_now + days * (int64_t)DAY_SECONDS;
    return is_later ? day_at(demo, days - 1, CLOSES_HOUR) : at;
}

static const struct session *sessions_of(struct demo *demo, struct work *work, const char *place)
{
    const struct session *first = NULL;
    for (int i = demo->campaign->sessions_count - 1; i >= 0; i--) {
        const struct demo_session *from = &demo->campaign->sessions[i];
        struct session *session = MEM_NEW(work->mem, struct session);
        session->next = first;
        session->title = text_of(demo, from->title);
        session->starts_local = saturday_at(demo, work->mem, from->saturday, from->hour);
        session->ends_local =
            saturday_at(demo, work->mem, from->saturday, from->hour + from->hours);
        session->time_zone = work->community->time_zone;
        session->place = place;
        session->capacity = from->capacity;
        first = session;
    }
    return first;
}

static void campaign_make(struct work *work, void *context)
{
    struct demo *demo = context;
    const struct demo_campaign *from = demo->campaign;
    const char *unit = text_of(demo, from->quantity_unit);
    struct campaign_draft draft = {
        .campaign =
            {
                .slug = from->slug,
                .title = text_of(demo, from->title),
                .summary = text_of(demo, from->summary),
                .story = text_of(demo, from->story),
                .language = lang_code(demo->lang),
                .organiser_name = text_of(demo, from->organiser),
                .organiser_email = "bonjour@example.org",
                .place = text_of(demo, from->place),
                .online = from->online,
                .time_zone = work->community->time_zone,
                .opens_at = day_at(demo, from->opens_days, OPENS_HOUR),
                .closes_at = closing_of(demo, from->closes_days),
                .goal_unit = str_is_empty(unit) ? GOAL_PEOPLE : GOAL_QUANTITY,
                .minimum = from->minimum,
                .target = from->target,
                .quantity_unit = unit,
                .party_max = from->party_max,
                .minutes_each = from->minutes_each,
            },
        .sessions = sessions_of(demo, work, text_of(demo, from->place)),
        .capacity = SESSION_UNLIMITED,
    };
    note_refusal(demo, campaign_create(work, &draft, &demo->id));
    if (!from->is_draft && !demo->refusal)
        note_refusal(demo, campaign_publish(work, demo->id));
}

static int64_t party_of(const struct demo *demo)
{
    static const int sizes[] = {1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4};
    int64_t party = sizes[chance(demo, sizeof sizes / sizeof *sizes)];
    return party > demo->people_left ? demo->people_left : party;
}

static int64_t room_in(const struct session *session)
{
    return session->capacity - session->taken;
}

/* A date that has room for the party, taken by chance among the offered ones; the roomiest when
 * that one has not. */
static const struct session *session_for(const struct demo *demo, const struct session *sessions,
                                         int64_t party)
{
    assert(sessions);
    const struct session *roomiest = sessions;
    uint32_t wanted = chance(demo, (uint32_t)demo->campaign->sessions_count + 1);
    for (const struct session *session = sessions; session; session = session->next, wanted--) {
        if (wanted == 0 && room_in(session) >= party)
            return session;
        if (room_in(session) > room_in(roomiest))
            roomiest = session;
    }
    return roomiest;
}

/* Few write a word beside their number. */
static const char *next_note(struct demo *demo)
{
    if (demo->notes == DEMO_NOTES_MAX || !happens(demo, WRITES_NOTE_OF_100))
        return "";
    return text_of(demo, demo->campaign->notes[demo->notes++]);
}

/* Someone says how much they did; the last one what is missing to the sum. */
static void person_reports(struct demo *demo, struct work *work, struct sign_up_id id)
{
    const struct campaign *campaign = campaign_get(work, demo->id);
    if (campaign->goal_unit != GOAL_QUANTITY || demo->quantity_left == 0)
        return;
    if (!features_have(&reports_feature))
        return;
    bool is_last = demo->people_left == 0;
    if (!is_last && !happens(demo, REPORTS_OF_100))
        return;
    int64_t fair = demo->quantity_left / (demo->people_left / 2 + 1);
    int64_t quantity =
        is_last ? demo->quantity_left : fair / 4 + chance(demo, (uint32_t)(fair + 1));
    if (quantity < 1 || quantity > demo->quantity_left)
        return;
    demo->quantity_left -= quantity;
    note_refusal(demo, report_add(work, campaign, id, quantity, next_note(demo)));
}

static void ref_keep(struct demo *demo, struct work *work, struct sign_up_id id)
{
    const char *ref = sign_up_ref(work, id);
    int at = demo->refs_count < REFS_KEPT ? demo->refs_count++ : (int)chance(demo, REFS_KEPT);
    snprintf(demo->refs[at], sizeof demo->refs[at], "%s", ref);
}

/* One person fills in the form, and most confirm some minutes later. They bring no more than there
 * is room for: whoever finds none, since others have not confirmed yet, stays away. */
static void person_comes(struct demo *demo, struct work *work, const struct session *sessions)
{
    const char *name = demo_names[chance(demo, names_count())];
    int64_t party = party_of(demo);
    const struct session *session = session_for(demo, sessions, party);
    if (party > room_in(session))
        party = room_in(session);
    if (party == 0) {
        demo->people_left--;
        return;
    }
    struct sign_up_wish wish = {
        .first_name = name,
        .email = mem_printf(work->mem, "%s.%lld@example.org", words_slug(work->mem, name, 30),
                            (long long)demo->number++),
        .party = party,
        .session = sessions->next ? session->handle : "",
        .lang = demo->lang,
        .show_name = happens(demo, SHOWS_NAME_OF_100),
        .ref = demo->refs_count && happens(demo, BROUGHT_OF_100)
                   ? demo->refs[chance(demo, (uint32_t)demo->refs_count)]
                   : "",
    };
    struct form_input input = {0};
    struct sign_up_answer answer;
    const struct refusal *refusal =
        sign_up_request(work, campaign_get(work, demo->id), &wish, &input, &answer);
    note_refusal(demo, refusal);
    if (refusal || !happens(demo, CONFIRMS_OF_100))
        return;
    work->now += 60 + chance(demo, 500);
    refusal = sign_up_confirm(work, answer.id);
    note_refusal(demo, refusal);
    if (refusal)
        return;
    demo->people_left -= party;
    ref_keep(demo, work, answer.id);
    person_reports(demo, work, answer.id);
}

/* When the next person comes: they are spread over the campaign's days, more at its beginning,
 * hardly any at night. */
static int64_t next_moment(const struct demo *demo, int64_t now, int64_t ends_at)
{
    int64_t pace = (ends_at - now) / (demo->people_left * 3 / 4 + 1);
    int64_t next = now + chance(demo, (uint32_t)(pace * 3 / 2 + 2));
    struct wall wall = wall_from_seconds(next);
    if (wall.hour < 6)
        next += (6 - wall.hour) * (int64_t)HOUR_SECONDS;
    return next < ends_at ? next : ends_at;
}

/* A batch of people, each at their moment; the clock moves on with them. */
static void people_come(struct work *work, void *context)
{
    struct demo *demo = context;
    const struct campaign *campaign = campaign_get(work, demo->id);
    int64_t closes_at = campaign->closes_at - HOUR_SECONDS;
    int64_t ends_at = closes_at < demo->real_now ? closes_at : demo->real_now - HOUR_SECONDS;
    for (int i = 0; i < BATCH && demo->people_left > 0 && !demo->refusal; i++) {
        int64_t at = next_moment(demo, clock_now(demo->clock), ends_at);
        clock_set(demo->clock, at);
        work->now = at;
        person_comes(demo, work, campaign_sessions(work, demo->id));
    }
}

static void campaign_close(struct work *work, void *context)
{
    struct demo *demo = context;
    if (features_have(&reports_feature))
        campaign_result_thank(work, demo->id, text_of(demo, demo->campaign->thanks));
    note_refusal(demo, campaign_report(work, demo->id));
}

/* What its organisers say of the result. */
static void campaign_tell(struct work *work, void *context)
{
    struct demo *demo = context;
    const struct demo_campaign *from = demo->campaign;
    bool has_claims = features_have(&reports_feature);
    for (int i = 0; has_claims && i < DEMO_CLAIMS_MAX && from->claims[i].claim.fr; i++) {
        const struct claim claim = {.claim = text_of(demo, from->claims[i].claim),
                                    .source = text_of(demo, from->claims[i].source)};
        note_refusal(demo, claim_add(work, campaign_get(work, demo->id), &claim));
    }
    struct factor_choice choice = {0};
    for (int i = 0; i < DEMO_FACTORS_MAX; i++)
        choice.handles[i] = from->factors[i];
    if (features_have(&factors_feature))
        note_refusal(demo, factors_choose(work, demo->id, &choice));
}

/* Lives one campaign's days, from its writing to now. */
static bool campaign_live(struct demo *demo)
{
    const struct demo_campaign *from = demo->campaign;
    int64_t opens_at = day_at(demo, from->opens_days, OPENS_HOUR);
    demo->people_left =
        from->people == DEMO_PARTICIPANTS ? demo->settings->participants : from->people;
    demo->quantity_left = from->quantity * demo->people_left / QUANTITY_PEOPLE;
    demo->refs_count = demo->notes = 0;
    clock_set(demo->clock, opens_at < demo->real_now ? opens_at : demo->real_now);
    bool worked = program_write(demo->program, campaign_make, demo);
    while (worked && demo->people_left > 0 && !demo->refusal) {
        worked = program_write(demo->program, people_come, demo);
        jobs_run_due(&demo->program->app);
    }
    clock_set(demo->clock, demo->real_now);
    jobs_run_due(&demo->program->app);
    worked = worked && program_write(demo->program, campaign_tell, demo);
    if (worked && from->is_reported)
        worked = program_write(demo->program, campaign_close, demo);
    jobs_run_due(&demo->program->app);
    return worked && !demo->refusal;
}

static void look_if_empty(struct work *work, void *context)
{
    struct demo *demo = context;
    demo->found_empty = !work->community;
}

static void drop_mails(struct work *work, void *context)
{
    (void)context;
    outbox_clear(work);
}

static const struct community demo_community_fr = {
    .slug = "fullmobs",
    .name = "Fullmobs",
    .description = "Nos campagnes n’existent que si vous êtes là, pour une heure ou un samedi.",
    .language = "fr",
    .time_zone = "Europe/Paris",
};
static const struct community demo_community_en = {
    .slug = "fullmobs",
    .name = "Fullmobs",
    .description = "Our campaigns only exist if you are there, for an hour or a Saturday.",
    .language = "en",
    .time_zone = "Europe/Paris",
};

/* NULL when all went well, or one sentence. */
static const char *demo_run(struct demo *demo)
{
    const bool french = str_equal(lang_code(demo->lang), "fr");
    if (!program_write(demo->program, look_if_empty, demo))
        return "The database could not be written.";
    if (!demo->found_empty)
        return "The data folder is not empty: the demonstration is for a new one.";
    if (!program_found_community(demo->program, french ? &demo_community_fr : &demo_community_en))
        return "The community could not be written.";
    for (demo->campaign = demo_campaigns; demo->campaign->slug; demo->campaign++)
        if (!campaign_live(demo))
            return demo->refusal ? demo->refusal : "The database could not be written.";
    return program_write(demo->program, drop_mails, demo) ? NULL
                                                          : "The mails could not be dropped.";
}

int command_demo(const struct settings *settings)
{
    struct mem *mem = mem_new(REQUEST_BYTES_MAX);
    int64_t began_ms = clock_monotonic_ms();
    struct demo *demo = MEM_NEW(mem, struct demo);
    demo->settings = settings;
    demo->clock = clock_new(mem, settings->config.test_clock);
    demo->real_now = demo->clock ? clock_now(demo->clock) : clock_system_seconds();
    demo->clock = clock_new_still(mem, demo->real_now);
    demo->program = program_open(&settings->config, PROGRAM_ALONE, demo->clock);
    const char *wrong = "The data folder could not be opened.";
    if (demo->program) {
        demo->lang = lang_get(demo->program->app.langs, settings->lang);
        demo->zone = zone_get(demo->program->app.zones, demo_community_fr.time_zone);
        wrong = demo_run(demo);
        program_close(demo->program);
    }
    if (wrong)
        fprintf(stderr, "%s\n", wrong);
    else
        printf("The demonstration is in %s, made in %.1f seconds.\n", settings->config.data,
               (double)(clock_monotonic_ms() - began_ms) / 1000.0);
    mem_free(mem);
    return wrong ? 1 : 0;
}
