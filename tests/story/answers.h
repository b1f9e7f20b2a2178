/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Every answer of every story is one that its route declares: what is documented is true. */
#pragma once

struct answer;
struct app;
struct route;

/* Fails the test when the route may not answer so, or its JSON is not what its view says. */
void answer_is_declared(const struct app *app, const struct route *route,
                        const struct answer *answer);
