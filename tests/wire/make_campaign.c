/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Makes one open campaign in a data folder, for the tests of the wire: organisers cannot write one
 * over the wire yet. It goes through the same rules as everybody, and founds the community when the
 * folder is new. Runs while no server does: the folder's lock says so.
 *
 *   make_campaign DATA SLUG [capacity=N] [minimum=N] [party_max=N] [sessions=N] [clock=FILE]
 *                 [mails=N] [people=N] [campaigns=N] [database=URL]
 *
 * Without sessions the campaign has one timeless session of that capacity; 0: no limit. The mails
 * go to everyone, to all-0@sink.essaim.fr and so on, and wait to be sent. The people
 * are in already, each brought by the one before: rows alone, since twenty thousand of them would
 * take their time by the form. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "base/time.h"
#include "core/outbox/outbox.h"
#include "features/campaigns/campaigns.h"
#include "features/signups/signups_local.h"
#include "main/program.h"
#include "sys/lang.h"
#include "web/community.h"
#include "web/work.h"

enum {
    MAKER_BYTES_MAX = 1024 * 1024,
    OPEN_DAYS = 7,
    SESSIONS_FROM_DAYS = 10,
    PEOPLE_AT_ONCE = 5000,
    CAMPAIGNS_AT_ONCE = 100
};

struct wanted {
    const char *slug;
    int64_t capacity;
    int64_t minimum;
    int64_t party_max;
    int64_t sessions;
    int64_t mails;
    int64_t people;
    int64_t campaigns; /* as many like it: SLUG-2, SLUG-3 … */
    int64_t like;      /* of these campaigns, besides the first */
    int64_t made;      /* of these people */
    struct campaign_id id;
    struct sign_up_id last; /* of them */
    struct config config;
    const struct refusal *refusal;
};

static const struct community community = {
    .slug = "essaim",
    .name = "Essaim",
    .description = "Un peu de temps chacun.",
    .language = "fr",
    .time_zone = "Europe/Paris",
};

static bool word_read(struct wanted *wanted, const char *word)
{
    const struct {
        const char *name;
        int64_t *number;
    } numbers[] = {
        {"capacity=", &wanted->capacity},   {"minimum=", &wanted->minimum},
        {"party_max=", &wanted->party_max}, {"sessions=", &wanted->sessions},
        {"mails=", &wanted->mails},         {"people=", &wanted->people},
        {"campaigns=", &wanted->campaigns},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (str_starts(word, numbers[i].name))
            return str_to_int(word + strlen(numbers[i].name), numbers[i].number);
    if (str_starts(word, "clock="))
        wanted->config.test_clock = word + strlen("clock=");
    else if (str_starts(word, "database="))
        wanted->config.database = word + strlen("database=");
    else
        return false;
    return true;
}

/* One a day, an afternoon of two hours each, the last one first in the loop. */
static const struct session *make_sessions(struct work *work, const struct wanted *wanted,
                                           int64_t capacity)
{
    const struct session *first = NULL;
    for (int64_t i = wanted->sessions - 1; i >= 0; i--) {
        struct session *session = MEM_NEW(work->mem, struct session);
        struct wall day = wall_from_seconds(work->now + (SESSIONS_FROM_DAYS + i) * DAY_SECONDS);
        const char *date = mem_printf(work->mem, "%04d-%02d-%02d", day.year, day.month, day.day);
        session->next = first;
        session->title = "";
        session->starts_local = mem_printf(work->mem, "%sT14:00:00", date);
        session->ends_local = mem_printf(work->mem, "%sT16:00:00", date);
        session->time_zone = community.time_zone;
        session->place = "";
        session->capacity = capacity;
        first = session;
    }
    return first;
}

static void make_mails(struct work *work, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        outbox_add(work,
                   &(struct outbox_mail){
                       .reason = "test",
                       .kind = OUTBOX_CAMPAIGN_NEWS,
                       .priority = OUTBOX_BULK,
                       .to_address = mem_printf(work->mem, "all-%lld@sink.essaim.fr", (long long)i),
                       .reply_to_name = "Nadia",
                       .reply_to = "nadia@essaim.fr",
                       .subject = "À tous",
                       .text = "Bonjour à tous.\n.\n..et un point.\n",
                       .html = "<p>Bonjour à tous.</p>",
                       .lang = lang_get(work->app->langs, "fr"),
                   });
}

/* The n-th, from 0; each closes a minute after the one before. */
static void make_one(struct work *work, struct wanted *wanted, int64_t n)
{
    int64_t capacity = wanted->capacity ? wanted->capacity : SESSION_UNLIMITED;
    struct campaign_draft draft = {
        .campaign =
            {
                .slug = n ? mem_printf(work->mem, "%s-%lld", wanted->slug, (long long)n + 1)
                          : wanted->slug,
                .title = "Deux heures ensemble",
                .summary = "Soixante personnes, deux heures, et une haie.",
                .story = "Le verger a **cinq ans**.",
                .language = community.language,
                .organiser_name = "Nadia",
                .organiser_email = "nadia@example.org",
                .place = "Crest",
                .time_zone = community.time_zone,
                .opens_at = work->now,
                .closes_at = work->now + OPEN_DAYS * DAY_SECONDS + n * MINUTE_SECONDS,
                .minimum = wanted->minimum,
                .quantity_unit = "",
                .party_max = wanted->party_max,
            },
        .sessions = make_sessions(work, wanted, capacity),
        .capacity = capacity,
    };
    wanted->refusal = campaign_create(work, &draft, &wanted->id);
    if (!wanted->refusal)
        wanted->refusal = campaign_publish(work, wanted->id);
}

static void make(struct work *work, void *context)
{
    struct wanted *wanted = context;
    make_one(work, wanted, 0);
    make_mails(work, wanted->mails);
}

/* The next of those like it; the others are for the next call. */
static void make_like(struct work *work, void *context)
{
    struct wanted *wanted = context;
    for (int i = 0; i < CAMPAIGNS_AT_ONCE && wanted->like + 1 < wanted->campaigns; i++)
        make_one(work, wanted, ++wanted->like);
}

/* `named` is one of the few names, already folded: that is half of what a row costs. */
static void make_person(struct work *work, struct wanted *wanted, const struct session *session,
                        const struct sign_up *named)
{
    int64_t i = wanted->made;
    struct sign_up row = {
        .id = {work_new_id(work)},
        .campaign_id = wanted->id,
        .session_id = session->id,
        .handle = work_new_handle(work, HANDLE_CHARS),
        .generation = 1,
        .ref = work_new_handle(work, REF_CHARS),
        .brought_by = wanted->last.n,
        .email = mem_printf(work->mem, "p%lld@example.org", (long long)i),
        .first_name = named->first_name,
        .name_key = named->name_key,
        .language = community.language,
        .party = 1,
        .minutes_each = 120,
        .state = SIGN_UP_CONFIRMED,
        .rank = i + 1,
        .created_at = work->now,
        .confirmed_at = work->now,
        .note = "",
    };
    sign_up_insert(work, &row);
    wanted->last = row.id;
    wanted->made++;
}

/* The next of them; the others are for the next call. */
static void make_people(struct work *work, void *context)
{
    struct wanted *wanted = context;
    static const char *const names[] = {"Anne", "Céline", "Émile", "Karim", "Zoé"};
    enum { NAMES = sizeof names / sizeof *names };
    struct sign_up named[NAMES] = {0};
    for (int i = 0; i < NAMES; i++)
        sign_up_set_name(work, &named[i], names[i]);
    const struct session *session = campaign_sessions(work, wanted->id);
    int64_t count = 0;
    for (; count < PEOPLE_AT_ONCE && wanted->made < wanted->people; count++)
        make_person(work, wanted, session, &named[count % NAMES]);
    wanted->refusal = session_take(work, session->id, count);
    session_settle_pending(work, session->id, count);
    campaign_count(work, wanted->id, count, count * 120);
}

/* NULL when it was made, or one sentence. */
static const char *run(struct wanted *wanted)
{
    struct program *program = program_open(&wanted->config, PROGRAM_ALONE, NULL);
    if (!program)
        return "The data folder cannot be opened.";
    bool written =
        program_found_community(program, &community) && program_write(program, make, wanted);
    while (written && !wanted->refusal && wanted->like + 1 < wanted->campaigns)
        written = program_write(program, make_like, wanted);
    while (written && !wanted->refusal && wanted->made < wanted->people)
        written = program_write(program, make_people, wanted);
    program_close(program);
    if (wanted->refusal)
        return wanted->refusal->sentence;
    return written ? NULL : "The campaign could not be written.";
}

int main(int argc, char *argv[])
{
    struct wanted wanted = {.minimum = 60, .party_max = 5};
    const char *wrong = argc < 3 ? "make_campaign DATA SLUG [NAME=VALUE]..." : NULL;
    for (int i = 3; i < argc && !wrong; i++)
        if (!word_read(&wanted, argv[i]))
            wrong = "There is an option that is not known, or not a number.";
    if (!wrong) {
        wanted.slug = argv[2];
        wanted.config = (struct config){.data = argv[1],
                                        .listen = "127.0.0.1:0",
                                        .base_url = "http://127.0.0.1",
                                        .database = wanted.config.database,
                                        .test_clock = wanted.config.test_clock};
        wrong = run(&wanted);
    }
    if (wrong)
        fprintf(stderr, "%s\n", wrong);
    return wrong ? 1 : 0;
}
