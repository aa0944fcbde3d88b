#include "firmware/outlet/avails.hpp"

#include <algorithm>

namespace riverlight::firmware {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

constexpr auto shortest = 5s;  ///< a shorter gap comes from rounded lengths, and nothing fits into it

}  // namespace

std::vector<player::Avail> avails_of(const std::vector<const scheduler::PlannedAiring*>& airings,
                                     Instant from, Instant until) {
    std::vector<player::Avail> avails;
    for (std::size_t i = 1; i < airings.size(); ++i) {
        const auto begin = airings[i - 1]->end, end = airings[i]->start;
        if (end - begin < shortest || begin < from || begin >= until) continue;
        const auto second = floor<seconds>(begin.time_since_epoch()).count();
        const auto length = std::min<milliseconds>(floor<milliseconds>(end - begin), 24h);
        avails.push_back({second & 0xffffffff, begin, length});
    }
    return avails;
}

}  // namespace riverlight::firmware
