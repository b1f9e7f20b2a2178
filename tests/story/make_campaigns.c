/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Campaigns are made through the same rules as everybody's, so that a story never starts from what
 * could not be. */
#include "story/make_campaigns.h"

#include "story/story.h"

#include "base/mem.h"
#include "base/time.h"
#include "web/url.h"

struct campaign_draft make_draft(const char *slug, const char *title)
{
    return (struct campaign_draft){
        .campaign =
            {
                .slug = slug,
                .title = title,
                .summary = "Soixante personnes, deux heures, et une haie.",
                .story = "Le verger a **cinq ans**.",
                .language = "fr",
                .organiser_name = "Nadia",
                .organiser_email = "nadia@example.org",
                .place = "Crest",
                .time_zone = "Europe/Paris",
                .opens_at = STORY_STARTS_AT,
                .closes_at = STORY_STARTS_AT + 7 * DAY_SECONDS,
                .minimum = 60,
                .quantity_unit = "",
                .party_max = 5,
            },
        .capacity = SESSION_UNLIMITED,
    };
}

struct session make_session(const char *starts_local, const char *ends_local, int64_t capacity)
{
    return (struct session){
        .title = "",
        .starts_local = starts_local,
        .ends_local = ends_local,
        .time_zone = "Europe/Paris",
        .place = "",
        .capacity = capacity,
    };
}

struct making {
    const struct campaign_draft *draft;
    bool published;
    struct campaign_id id;
};

static void make(struct work *work, void *context)
{
    struct making *making = context;
    assert_null(campaign_create(work, making->draft, &making->id));
    if (making->published)
        assert_null(campaign_publish(work, making->id));
}

struct campaign_id make_campaign(struct story *story, const struct campaign_draft *draft)
{
    struct making making = {.draft = draft, .published = true};
    story_write(story, make, &making);
    return making.id;
}

struct campaign_id make_unpublished(struct story *story, const struct campaign_draft *draft)
{
    struct making making = {.draft = draft};
    story_write(story, make, &making);
    return making.id;
}

void make_participants(struct story *story, const char *slug, const char *email, int party)
{
    bool sweeps = story->sweeps;
    story->sweeps = false; /* the stories of sign-ups do that */
    const char *form = mem_printf(story->mem, "first_name=Anne&email=%s&party=%d",
                                  url_encode(story->mem, email), party);
    const char *sign_ups = mem_printf(story->mem, "/campaigns/%s/sign-ups", slug);
    assert_int_equal(story_post(story, sign_ups, form).status, 303);
    const char *own = story_mail_path(story, email, "/sign-ups/");
    const char *confirm = mem_printf(story->mem, "%s/confirm", own);
    assert_int_equal(story_post(story, confirm, "").status, 303);
    story->sweeps = sweeps;
}
