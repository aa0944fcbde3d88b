#include <gtest/gtest.h>

#include "content/base/crypto.hpp"
#include "scheduler/plan/plan_json.hpp"
#include "scheduler/plan/planner.hpp"
#include "tests/fuzz/drawn_day.hpp"

/// Plans are the same bytes on every machine: every build (g++ optimised, clang with sanitizers) must
/// reproduce these digests. An intended change of the planner changes them; the failing test prints the new
/// ones.
namespace riverlight {
namespace {

/// Bytes that need nothing but whole numbers: SplitMix64 (Steele, Lea, Flood 2014).
std::vector<std::uint8_t> bytes_of(std::uint64_t seed, std::size_t count) {
    std::vector<std::uint8_t> out;
    while (out.size() < count) {
        seed += 0x9e3779b97f4a7c15;
        auto z = seed;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        z ^= z >> 31;
        for (int byte = 0; byte < 8; ++byte) out.push_back(static_cast<std::uint8_t>(z >> (8 * byte)));
    }
    return out;
}

/// The digest of the plans of `count` days drawn from `seed` on, whole and from a moment on.
std::string digest_of(std::uint64_t seed, int count) {
    std::string all;
    for (int n = 0; n < count; ++n) {
        const auto bytes = bytes_of(seed + static_cast<std::uint64_t>(n), 256);
        fuzz::Input in(bytes.data(), bytes.size());
        const auto drawn = fuzz::drawn_day(in, 20);
        const auto plan = drawn.plan();
        all += write_plan(plan) + '\n';
        const auto later =
            scheduler::plan_from(drawn.schedule, drawn.catalogue, drawn.place(), plan.from + drawn.later, 7);
        all += write_plan(later) + '\n';
        if (all.size() > 1 << 20) all = sha256_hex(all);
    }
    return sha256_hex(all);
}

class PinnedPlans : public ::testing::TestWithParam<std::pair<std::uint64_t, const char*>> {};

TEST_P(PinnedPlans, EveryBuildPlansTheSameBytes) {
    const auto [seed, digest] = GetParam();
    EXPECT_EQ(digest_of(seed, 50), digest) << "of 50 days from seed " << seed;
}

INSTANTIATE_TEST_SUITE_P(
    Digests, PinnedPlans,
    ::testing::Values(std::pair(1000, "ed22057468e3ce612656d1306a840deee306bdb0c97c976d1cf4319346abdc7d"),
                      std::pair(2000, "1c98ff15c70e21ec725c1be40c5634b395cab0a08fa4820830db72597e307dc6"),
                      std::pair(3000, "f3b53b5ae1a8192929b797965bb204e382b42e813d7f1eee4b9bb6c9f23d1dcc"),
                      std::pair(4000, "d5e9b04f7468e73d02a8c4725fad7710a2cf3ddb6bc515e295dffa6cd0bc5e8e")));

}  // namespace
}  // namespace riverlight
