-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Nothing reads by it, and each sign-up paid for it.
DROP INDEX activity_by_community;
