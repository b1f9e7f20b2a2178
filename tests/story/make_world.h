/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A world for stories about who may do what: two communities, three campaigns with people and
 * reports in them, and everyone who may ask for anything. */
#pragma once
#include "story/story.h"

#define HERE "127.0.0.1:8080"
#define THERE "quartier.example"

enum side { SIDE_HERE, SIDE_THERE };
extern const char *const world_hosts[]; /* by side */

struct actor {
    const char *who;
    enum side side;
    enum role role;
    const char *email;     /* NULL: a guest */
    const char *organises; /* the slug of a campaign; NULL: none */
};
enum { ACTORS = 11 };
extern const struct actor actors[ACTORS];

struct world {
    struct story *story;
    const char *cookies[ACTORS];
};

/* Begins a story with all of that in it; everyone who is somebody is signed in twice. */
void world_make(struct world *world);
/* From now on requests are an actor's, who sends that cookie (NULL: none). */
void world_go_to(struct story *story, const struct actor *actor, const char *cookie);
