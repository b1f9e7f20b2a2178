/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the frame alone does to answers; handlers use those of web/request.h. */
#pragma once
#include <stdbool.h>

struct lang;
struct refusal;
struct request;

/* application/problem+json (RFC 9457), with `errors` beside fields. */
void reply_problem(struct request *rq, const struct refusal *refusal);

/* Later pages come in this language: the cookie that request.c reads. */
void reply_language(struct request *rq, const struct lang *lang);

/* Without a connection, an answer in pieces is put together at once. False: a piece failed. */
bool reply_collect(struct request *rq);

/* Adds the headers that every answer carries. Called once, last. */
void reply_finish(struct request *rq);
