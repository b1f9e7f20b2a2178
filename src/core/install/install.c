/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The card of what an install has once. */
#include "core/install/install.h"

#include "migrations.h"
#include "web/feature.h"

const struct feature install_feature = {
    .name = "install",
    .migrations = install_migrations,
    .export_person = feature_keeps_no_person,
    .forget_person = feature_forgets_no_person,
};
