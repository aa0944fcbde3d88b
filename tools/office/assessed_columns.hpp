#pragma once
#include <cstdint>

#include "content/airing/record.hpp"

/// What the office works out of a stored record beside what its board claims. Included by the airings' store
/// and the migrations only.
namespace riverlight::office {

class Database;

/// The columns `assessed`, `length_ms`, `shown_ms` and `overclaims` of a stored airing: what the record's
/// evidence supports (content::assess).
void set_assessed(Database& db, std::int64_t id, const content::AiringRecord& record);
/// What an airing's start says by both clocks of its boot; nothing where it does not.
void add_start(Database& db, std::int64_t id, const content::AiringRecord& record);
/// After add_start(): works out again how far that start and those beside it contradict each other
/// (content::contradiction).
void check_starts_beside(Database& db, std::int64_t id, const content::AiringRecord& record);

/// Works out of every start how far it contradicts those beside it.
void check_all_starts(Database& db);

}  // namespace riverlight::office
