-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What happened to one thing, for its own page.
CREATE INDEX activity_by_object ON activity (object_id, id);
