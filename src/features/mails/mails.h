/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The pages about mails: what each address gets, and how sending fares. */
#pragma once

struct feature;

extern const struct feature mails_feature;
