/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Guests act as browsers and scripts do, through the same requests: nothing is put into a table. */
#include "story/make_sign_ups.h"

#include <string.h>

#include "base/mem.h"
#include "main/program.h"
#include "story/make_campaigns.h"
#include "sys/clock.h"
#include "web/url.h"

struct campaign_id make_hedge(struct story *story, int64_t places)
{
    struct session session = make_session("2026-11-28T14:00:00", "2026-11-28T16:00:00", places);
    struct campaign_draft draft = make_draft("haie", "Une haie ensemble");
    draft.sessions = &session;
    return make_campaign(story, &draft);
}

struct campaign_id make_dates(struct story *story)
{
    struct session afternoon = make_session("2026-11-28T14:00:00", "2026-11-28T16:00:00", 10);
    struct session late = make_session("2026-11-28T11:30:00", "2026-11-28T13:30:00", 10);
    struct session morning = make_session("2026-11-28T10:00:00", "2026-11-28T12:00:00", 10);
    morning.next = &late;
    late.next = &afternoon;
    struct campaign_draft draft = make_draft("dates", "Trois dates");
    draft.sessions = &morning;
    return make_campaign(story, &draft);
}

static struct answer campaign_json_of(struct story *story, const char *slug)
{
    return story_get_json(story, mem_printf(story->mem, "/campaigns/%s", slug));
}

const char *session_handle(struct story *story, const char *slug, int which)
{
    return answer_text(campaign_json_of(story, slug),
                       mem_printf(story->mem, "sessions.%d.id", which));
}

int64_t session_left_of(struct story *story, const char *slug, int which)
{
    return answer_int(campaign_json_of(story, slug),
                      mem_printf(story->mem, "sessions.%d.left", which));
}

int64_t people_of(struct story *story, const char *slug)
{
    return answer_int(campaign_json_of(story, slug), "progress.people");
}

/* Anne, of anne@example.org. */
static const char *name_of(struct story *story, const char *email)
{
    char *name = mem_strndup(story->mem, email, strcspn(email, "@"));
    if (name[0] >= 'a' && name[0] <= 'z')
        name[0] = (char)(name[0] - 'a' + 'A');
    return name;
}

static const char *form_of(struct story *story, const char *email, const char *fields)
{
    const char *name = strstr(fields, "first_name=") ? "" : name_of(story, email);
    return mem_printf(story->mem, "%s%s%semail=%s&%s%s", *name ? "first_name=" : "", name,
                      *name ? "&" : "", url_encode(story->mem, email),
                      strstr(fields, "party=") ? "" : "party=1&", fields);
}

static const char *sign_ups_of(struct story *story, const char *slug)
{
    return mem_printf(story->mem, "/campaigns/%s/sign-ups", slug);
}

/* A form, of which the answer is wanted in JSON; from a browser of the guest's own, whoever is
 * signed in elsewhere. */
static struct answer post_for_json(struct story *story, const char *path, const char *form)
{
    static const char *const headers[] = {"Accept: application/json",
                                          "Content-Type: application/x-www-form-urlencoded", NULL};
    const char *cookie = story->cookie;
    story->cookie = NULL;
    struct answer answer = story_send(story, "POST", path, headers, form);
    story->cookie = cookie;
    return answer;
}

struct answer guest_asks(struct story *story, const char *slug, const char *email,
                         const char *fields)
{
    return story_post(story, sign_ups_of(story, slug), form_of(story, email, fields));
}

struct answer guest_asks_json(struct story *story, const char *slug, const char *email,
                              const char *fields)
{
    return post_for_json(story, sign_ups_of(story, slug), form_of(story, email, fields));
}

const char *guest_link(struct story *story, const char *email)
{
    return story_mail_path(story, email, "/sign-ups/");
}

struct answer guest_sends(struct story *story, const char *link, const char *verb,
                          const char *fields)
{
    return post_for_json(story, mem_printf(story->mem, "%s/%s", link, verb), fields);
}

struct answer guest_types(struct story *story, const char *slug, const char *handle,
                          const char *digits)
{
    const char *form =
        mem_printf(story->mem, "h=%s&code=%s", handle, url_encode(story->mem, digits));
    return post_for_json(story, mem_printf(story->mem, "/campaigns/%s/sent", slug), form);
}

const char *guest_comes(struct story *story, const char *slug, const char *email,
                        const char *fields)
{
    assert_int_equal(guest_asks_json(story, slug, email, fields).status, 201);
    const char *link = guest_link(story, email);
    struct answer answer = guest_sends(story, link, "confirm", "");
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer_text(answer, "state"), "confirmed");
    return link;
}

const char *on_date(struct story *story, int which, const char *fields)
{
    const char *handle = session_handle(story, "dates", which);
    return mem_printf(story->mem, "session=%s&%s", handle, fields);
}

const char *text_without(struct story *story, const char *text, const char *part)
{
    char *copy = mem_strdup(story->mem, text);
    for (char *at; (at = strstr(copy, part));)
        memmove(at, at + strlen(part), strlen(at + strlen(part)) + 1);
    return copy;
}

void time_passes_alone(struct story *story, int64_t seconds)
{
    clock_set(story->program->app.clock, story_now(story) + seconds);
}
