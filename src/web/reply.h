/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the frame alone does to answers; handlers use those of web/request.h. */
#pragma once

struct refusal;
struct request;

/* application/problem+json (RFC 9457), with `errors` beside fields. */
void reply_problem(struct request *rq, const struct refusal *refusal);

/* Adds the headers that every answer carries. Called once, last. */
void reply_finish(struct request *rq);
