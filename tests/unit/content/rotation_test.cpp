// Rotation of keys and thresholds, as tables: who is named, who signs, whether a client follows.
#include "tests/unit/content/client_fixture.hpp"

namespace riverlight::test {
namespace {

struct Step {
    std::vector<std::size_t> keys;
    int threshold;
    std::vector<std::size_t> signs;
    bool good = true;
};
struct Case {
    const char* what;
    std::vector<Step> steps;
};

class Rotation : public Tuf {
  protected:
    std::vector<Signer> pick(const std::vector<std::size_t>& which) const {
        std::vector<Signer> out;
        for (const auto n : which) out.push_back(all_[n]);
        return out;
    }
    void set(const std::string& role, const Step& step) {
        repo_.keys[role] = pick(step.keys);
        repo_.signers[role] = pick(step.signs);
        repo_.threshold[role] = step.threshold;
    }
    std::vector<Signer> all_ = [] {
        std::vector<Signer> out;
        for (int n = 0; n < 7; ++n) out.push_back(ed25519());
        return out;
    }();
};

TEST_F(Rotation, OfRootNeedsTheOldThresholdAndTheNew) {
    const std::vector<Case> cases{
        {"1 of 1 stays", {{{1}, 1, {1}}, {{1}, 1, {1}}}},
        {"1 of 1 rotates", {{{1}, 1, {1}}, {{2}, 1, {2, 1}}, {{2}, 1, {2}}}},
        {"signatures of strangers besides",
         {{{1}, 1, {3, 1, 4}}, {{2}, 1, {3, 2, 1, 4}}, {{2}, 1, {3, 2, 4}}}},
        {"not signed by the old", {{{1}, 1, {1}}, {{2}, 1, {2, 3, 4}, false}}},
        {"not signed by the new", {{{1}, 1, {1}}, {{2}, 1, {1, 3, 4}, false}}},
        {"3 of 5, one rotates", {{{0, 1, 2, 3, 4}, 3, {0, 2, 4}}, {{0, 1, 3, 4, 5}, 3, {0, 4, 1}}}},
        {"3 of 5, one rotates, too few new",
         {{{0, 1, 2, 3, 4}, 3, {0, 2, 4}}, {{0, 1, 3, 4, 5}, 3, {0, 2, 4}, false}}},
        {"3 of 5, one rotates, too few old",
         {{{0, 1, 2, 3, 4}, 3, {0, 2, 4}}, {{0, 1, 3, 4, 5}, 3, {0, 4, 5}, false}}},
        {"3 of 5, two intermediate",
         {{{0, 1, 2, 3, 4}, 3, {0, 2, 4}},
          {{0, 1, 3, 4, 5}, 3, {0, 2, 4, 5}},
          {{0, 1, 3, 4, 5}, 3, {0, 4, 5}}}},
        {"threshold up", {{{1, 2, 3}, 1, {1}}, {{1, 2, 3}, 2, {1, 2}}}},
        {"threshold up, not reached", {{{1, 2, 3}, 1, {1}}, {{1, 2, 3}, 2, {2}, false}}},
        {"threshold down", {{{1, 2, 3}, 2, {1, 2}}, {{1, 2, 3}, 1, {1, 2}}, {{1, 2, 3}, 1, {1}}}},
        {"threshold down, old not reached", {{{1, 2, 3}, 2, {1, 2}}, {{1, 2, 3}, 1, {1}, false}}},
    };
    for (const auto& [what, steps] : cases) {
        repo_ = Repository(now_);
        std::filesystem::remove_all(folder_ / "trust");
        repo_.version["root"] = 0;
        for (const auto& step : steps) {
            set("root", step);
            repo_.publish({"root"});
        }
        trust();
        EXPECT_EQ(refresh().empty(), steps.back().good) << what;
        const auto last = static_cast<std::int64_t>(steps.size());
        EXPECT_EQ(trusted()["root"], steps.back().good ? last : last - 1) << what;
    }
}

TEST_F(Rotation, OfTheOtherRolesNeedsTheThresholdThatRootNames) {
    const std::vector<Case> cases{
        {"1 of 1 rotates", {{{2}, 1, {2}}}},
        {"signatures of strangers besides", {{{1}, 1, {3, 1, 4}}}},
        {"not signed by the new", {{{2}, 1, {1, 3, 4}, false}}},
        {"3 of 5, one is another's", {{{0, 1, 3, 4, 5}, 3, {0, 2, 4}, false}}},
        {"2 of 5 where 3 are needed", {{{0, 1, 3, 4, 5}, 3, {0, 4}, false}}},
        {"3 of 5", {{{0, 1, 2, 3, 4}, 3, {1, 2, 3}}}},
        {"more needed than there are", {{{0, 1}, 3, {0, 1}, false}}},
    };
    for (const auto& [what, steps] : cases) {
        for (const auto* role : {"timestamp", "snapshot", "targets"}) {
            repo_ = Repository(now_);
            std::filesystem::remove_all(folder_ / "trust");
            trust();
            set(role, steps[0]);
            repo_.publish({"root", "targets", "snapshot", "timestamp"});
            EXPECT_EQ(refresh().empty(), steps[0].good) << what << ' ' << role;
            EXPECT_EQ(trusted()[role], steps[0].good ? 2 : 0) << what << ' ' << role;
        }
    }
}

}  // namespace
}  // namespace riverlight::test
