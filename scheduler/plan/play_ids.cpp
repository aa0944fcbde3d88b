#include "scheduler/plan/play_ids.hpp"

#include "content/base/crypto.hpp"
#include "content/base/instant.hpp"

namespace riverlight::scheduler {

PlayIds::PlayIds(const std::string& place, std::chrono::local_days day, const std::string& booking)
    : prefix_(sha256_raw(place + '\n' + to_iso(day) + '\n' + booking)) {}

std::string PlayIds::of_number(int number) const {
    return id_from('n', number);
}

std::string PlayIds::of_start(std::chrono::milliseconds start) const {
    return id_from('t', start.count());
}

/// The prefix, the tag and the value as eight bytes, the lowest first.
std::string PlayIds::id_from(char tag, std::int64_t value) const {
    auto text = prefix_ + tag;
    for (int byte = 0; byte < 8; ++byte) text += static_cast<char>((value >> (8 * byte)) & 0xff);
    return to_hex(std::string_view(sha256_raw(text)).substr(0, 16));
}

}  // namespace riverlight::scheduler
