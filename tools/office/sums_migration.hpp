#pragma once

namespace riverlight::office {

class Database;

/// Format 7: plans packed and apart from the facts of their days; sums of days and counts of airings, counted
/// here from what is held. Included by migrations.cpp only.
void add_sums(Database& db);

}  // namespace riverlight::office
