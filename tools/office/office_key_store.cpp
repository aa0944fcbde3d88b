#include "tools/office/office_key_store.hpp"

#include "tools/office/database.hpp"

namespace riverlight::office {

std::vector<std::string> OfficeKeyStore::all() const {
    std::vector<std::string> keys;
    auto q = db_.query("SELECT public_key FROM signing_key ORDER BY since, public_key");
    while (q.next()) keys.push_back(q.text(0));
    return keys;
}

void OfficeKeyStore::add(const std::string& public_key, Instant now) {
    db_.run("INSERT INTO signing_key VALUES(?,?) ON CONFLICT(public_key) DO UPDATE SET since=excluded.since",
            {public_key, to_rfc3339(now)});
}

}  // namespace riverlight::office
