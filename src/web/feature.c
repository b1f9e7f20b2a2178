/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Walking the cards: announcements and panels reach every feature, in the order of the list. */
#include "web/feature.h"

#include "base/mem.h"
#include "web/app.h"
#include "web/request.h"
#include "web/view.h"

void feature_announce(struct work *work, enum announcement of, int64_t object_id)
{
    for (const struct feature *const *f = work->app->features; *f; f++)
        for (const struct hook *hook = (*f)->hooks; hook && hook->heard; hook++)
            if (hook->of == of)
                hook->heard(work, object_id);
}

void feature_panels(struct request *rq, struct html *h, enum panel_place place, int64_t object_id)
{
    for (const struct feature *const *f = rq->work.app->features; *f; f++)
        for (const struct panel *panel = (*f)->panels; panel && panel->show; panel++)
            if (panel->place == place)
                panel->show(rq, h, object_id);
}

void todo_add(struct todo_list *list, const struct todo *todo)
{
    const struct todo **at = &list->first;
    struct todo *added = mem_copy(list->mem, todo, sizeof *todo);
    while (*at && (*at)->urgency <= added->urgency)
        at = (const struct todo **)&(*at)->next;
    added->next = *at;
    *at = added;
}

const struct todo *feature_todos(struct request *rq, int64_t campaign_id)
{
    struct todo_list list = {.mem = rq->work.mem};
    for (const struct feature *const *f = rq->work.app->features; *f; f++)
        if ((*f)->todos)
            (*f)->todos(rq, campaign_id, &list);
    return list.first;
}

void feature_forget_person(struct work *work, const char *email)
{
    const struct feature *const *first = work->app->features;
    const struct feature *const *f = first;
    while (*f)
        f++;
    while (f > first)
        (*--f)->forget_person(work, email);
}

void feature_panels_json(struct work *work, struct json_t *object, enum panel_place place,
                         int64_t object_id)
{
    for (const struct feature *const *f = work->app->features; *f; f++)
        for (const struct panel *panel = (*f)->panels; panel && panel->show; panel++)
            if (panel->place == place && panel->json)
                view_add(work->mem, object, panel->json, panel->data(work, object_id));
}

const struct view *feature_panel_view(const struct feature *const *features, enum panel_place place,
                                      int i)
{
    for (const struct feature *const *f = features; *f; f++)
        for (const struct panel *panel = (*f)->panels; panel && panel->show; panel++)
            if (panel->place == place && panel->json && i-- == 0)
                return panel->json;
    return NULL;
}

void feature_keeps_no_person(struct work *work, const char *email, struct json_t *object)
{
    (void)work, (void)email, (void)object;
}

void feature_forgets_no_person(struct work *work, const char *email)
{
    (void)work, (void)email;
}
