// Attacks on metadata: the numbered cases 1 to 18.
#include "tests/unit/content/client_fixture.hpp"

namespace riverlight::test {
namespace {

using ::testing::AllOf;
using ::testing::Optional;
using ::testing::Pair;

/// A client after one good visit. It must keep what that visit brought.
class Attack : public Tuf {
  protected:
    void SetUp() override {
        trust();
        ASSERT_EQ(refresh(), "");
        before_ = trusted();
    }
    /// Publishes everything again and expects that no key signed the role's new version, and the old one
    /// stays.
    void expect_unsigned(const std::string& role) {
        repo_.publish(all_roles);
        EXPECT_THAT(signatures(), Optional(Pair(0, 1))) << role;
        EXPECT_EQ(trusted()[role], before_[role]) << role;
    }
    void expect_unreadable(const std::string& role, ReadFault kind, const std::string& key) {
        repo_.publish(all_roles);
        EXPECT_THAT(misread(), Refuses(kind, key)) << role;
        EXPECT_EQ(trusted()[role], before_[role]) << role;
    }
    void heal() {
        repo_ = Repository(now_);
        std::filesystem::remove_all(folder_ / "trust");
        SetUp();
    }
    Versions before_;
};

TEST_F(Attack, case_01_unsigned_or_without_signatures) {
    for (const auto& role : all_roles) {
        repo_.envelope[role] = [](json::object& file) { file["signatures"].as_array().clear(); };
        expect_unsigned(role);
        heal();
        repo_.envelope[role] = [](json::object& file) { file.erase("signatures"); };
        expect_unreadable(role, ReadFault::missing, "signatures");
        heal();
        repo_.envelope[role] = [](json::object& file) {
            file["signatures"].as_array()[0].as_object()["sig"] = "";
        };
        expect_unsigned(role);
        heal();
    }
}

TEST_F(Attack, case_02_an_unknown_key_is_not_counted) {
    for (const auto& role : all_roles) {
        repo_.signers[role] = {ed25519()};
        expect_unsigned(role);
        heal();
    }
}

TEST_F(Attack, case_03_a_key_twice_counts_once) {
    // Twice in the signatures: not allowed at all. Under two ids, or named twice by the role: once.
    repo_.envelope["snapshot"] = [](json::object& file) {
        auto& all = file["signatures"].as_array();
        all.push_back(json::value(all[0]));
    };
    expect_unreadable("snapshot", ReadFault::duplicate, "signatures");
    heal();
    auto again = repo_.keys["snapshot"][0];
    again.key["x-other"] = 1;
    again = signer_of(again.key, again.sign);
    repo_.keys["snapshot"].push_back(again);
    repo_.signers["snapshot"].push_back(again);
    repo_.threshold["snapshot"] = 2;
    repo_.publish(all_roles);
    EXPECT_THAT(signatures(), Optional(Pair(1, 2)));
    heal();
    repo_.keys["snapshot"].push_back(repo_.keys["snapshot"][0]);
    repo_.threshold["snapshot"] = 2;
    repo_.publish(all_roles);
    EXPECT_THAT(signatures(), Optional(Pair(1, 2)));
}

TEST_F(Attack, case_04_one_below_the_threshold) {
    for (const auto& role : all_roles) {
        for (int n = 0; n < 2; ++n) {
            repo_.keys[role].push_back(ed25519());
            repo_.signers[role].push_back(repo_.keys[role].back());
        }
        repo_.threshold[role] = 3;
        repo_.publish(all_roles);
        ASSERT_EQ(refresh(), "") << role;
        before_ = trusted();
        repo_.signers[role].pop_back();
        repo_.publish(all_roles);
        EXPECT_THAT(signatures(), Optional(Pair(2, 3))) << role;
        EXPECT_EQ(trusted()[role], before_[role]) << role;
        heal();
    }
}

TEST_F(Attack, case_05_the_threshold_and_one_bad_signature) {
    for (const auto* sig : {"", "00", "not hex", "zz"}) {
        repo_.keys["timestamp"].push_back(ed25519());
        auto bad = repo_.keys["timestamp"].back();
        bad.sign = [sig](std::string_view) { return std::string(sig); };
        repo_.signers["timestamp"] = {bad, repo_.keys["timestamp"][0]};
        repo_.publish(all_roles);
        EXPECT_EQ(refresh(), "") << sig;
    }
}

TEST_F(Attack, case_06_root_n_plus_2_without_n_plus_1) {
    repo_.publish({"root", "root"});
    repo_.files.erase("2.root.json");
    EXPECT_EQ(refresh(), "");
    EXPECT_EQ(trusted()["root"], 1);
    repo_.files["2.root.json"] = repo_.files["3.root.json"];
    EXPECT_THAT(distrust(), AllOf(Refuses(TrustFault::version, ""), Of("2.root.json")));
    EXPECT_EQ(trusted()["root"], 1);
}

TEST_F(Attack, case_07_a_root_signed_by_the_old_or_the_new_keys_alone) {
    const auto old = repo_.signers["root"];
    repo_.rotate("root");
    const auto fresh = repo_.signers["root"];
    repo_.publish({"root"});
    EXPECT_THAT(distrust(), AllOf(Refuses(TrustFault::former_signatures, ""), Of("2.root.json")));
    repo_.signers["root"] = old;
    repo_.version["root"] = 1;
    repo_.publish({"root"});
    EXPECT_THAT(distrust(), AllOf(Refuses(TrustFault::signatures, ""), Of("2.root.json")));
    EXPECT_EQ(trusted()["root"], 1);
    repo_.signers["root"] = {old[0], fresh[0]};
    repo_.version["root"] = 1;
    repo_.publish({"root"});
    EXPECT_EQ(refresh(), "");
    EXPECT_EQ(trusted()["root"], 2);
}

TEST_F(Attack, case_08_a_refused_root_is_never_trusted_after_a_restart) {
    const auto good = repo_.files;
    const auto old = repo_.signers["root"];
    repo_.rotate("root");
    for (const auto& role : {"timestamp", "snapshot", "targets"}) repo_.rotate(role);
    repo_.publish(all_roles);
    EXPECT_NE(refresh(), "");
    EXPECT_EQ(kept("root"), good.at("1.root.json"));
    EXPECT_NE(refresh(), "") << "nor the second time, from what the first left behind";
    repo_.files.erase("2.root.json");  // the attacker now hides the root and signs with its keys
    EXPECT_NE(refresh(), "");
    EXPECT_EQ(trusted(), before_);
    repo_.files = good;
    EXPECT_EQ(refresh(), "");
}

TEST_F(Attack, case_09_an_older_version_is_a_rollback) {
    const auto old = repo_.files.at("timestamp.json");
    repo_.publish({"timestamp"});
    ASSERT_EQ(refresh(), "");
    repo_.files["timestamp.json"] = old;
    EXPECT_THROW(client().refresh(), content::Rollback) << "although it names the same snapshot";
    EXPECT_EQ(trusted()["timestamp"], 2);
    repo_.publish(all_roles);
    ASSERT_EQ(refresh(), "");
    before_ = trusted();
    repo_.files["timestamp.json"] = old;
    EXPECT_THROW(client().refresh(), content::Rollback);
    // A newer timestamp that names an older snapshot, and a newer snapshot that names older targets.
    repo_.meta["timestamp"]["snapshot.json"].as_object()["version"] = 1;
    repo_.publish({"timestamp"});
    EXPECT_THROW(client().refresh(), content::Rollback);
    EXPECT_EQ(trusted(), before_);
    repo_.meta["snapshot"]["targets.json"].as_object()["version"] = 1;
    repo_.publish({"snapshot", "timestamp"});
    EXPECT_THROW(client().refresh(), content::Rollback);
    EXPECT_EQ(trusted()["snapshot"], 2);
    EXPECT_EQ(trusted()["targets"], 2);
}

TEST_F(Attack, case_10_the_same_version_with_other_bytes) {
    const auto first = kept("timestamp");
    repo_.tweak["timestamp"] = [](json::object& body) {
        body["meta"].as_object()["snapshot.json"].as_object()["version"] = 100;
    };
    repo_.files["timestamp.json"] = repo_.sign_role("timestamp", 1);
    EXPECT_EQ(refresh(), "") << "the first stays in force (5.4.3.1)";
    EXPECT_EQ(kept("timestamp"), first);
    ASSERT_EQ(alarms_.size(), 1U);
    EXPECT_EQ(alarms_[0].kind, TrustFault::replaced);
    EXPECT_EQ(alarms_[0].where.file, "timestamp.json");
    repo_.tweak.clear();
    // The snapshot and targets likewise, even if a new timestamp lists the other bytes.
    repo_.hashes = true;
    for (const auto* role : {"snapshot", "targets"}) {
        repo_.publish({"targets", "snapshot", "timestamp"});
        ASSERT_EQ(refresh(), "");
        const auto n = repo_.version[role];
        const auto had = kept(role);
        repo_.tweak[role] = [](json::object& body) { body["x-other"] = 1; };
        repo_.put(role, repo_.sign_role(role, n), n);
        repo_.publish(role == std::string("targets") ? std::vector<std::string>{"snapshot", "timestamp"}
                                                     : std::vector<std::string>{"timestamp"});
        EXPECT_THAT(distrust(), Refuses(TrustFault::replaced, "")) << role;
        EXPECT_EQ(kept(role), had) << role;
        repo_.tweak.clear();
    }
}

TEST_F(Attack, case_11_releases_mixed) {
    const auto first = repo_.files;
    repo_.publish(all_roles);
    auto second = repo_.files;
    for (const auto* name : {"2.snapshot.json", "2.targets.json"}) {
        auto one = std::string(name);
        one[0] = '1';
        repo_.files = second;
        repo_.files[name] = first.at(one);
        EXPECT_THAT(distrust(), AllOf(Refuses(TrustFault::version, ""), Of(std::string(name)))) << name;
    }
    EXPECT_EQ(trusted()["targets"], 1);
}

TEST_F(Attack, case_12_a_role_vanished_from_the_snapshot) {
    repo_.delegate("targets", {.name = "kh", .paths = {"countries/kh/*"}});
    repo_.publish({"kh", "targets", "snapshot", "timestamp"});
    ASSERT_EQ(refresh(), "");
    repo_.meta["snapshot"].erase("kh.json");
    repo_.publish({"snapshot", "timestamp"});
    EXPECT_THAT(distrust(), Refuses(TrustFault::vanished, "kh.json"));
    EXPECT_EQ(trusted()["snapshot"], 2);
}

TEST_F(Attack, case_13_expired_with_a_clock_that_is_trusted) {
    moment_ = now_ + 24h * 31;
    try {
        client().refresh();
        FAIL();
    } catch (const content::Expired& e) {
        EXPECT_EQ(e.since, now_ + 24h * 30);
        EXPECT_STREQ(e.what(),
                     "root.json: expired at 2026-12-24T06:00:00.000000Z; nothing new is accepted until it is "
                     "signed again, unless this clock is wrong (it says 2026-12-25T06:00:00.000000Z)");
    }
    EXPECT_EQ(trusted(), before_);
}

TEST_F(Attack, case_14_expired_with_a_clock_that_is_not_known) {
    moment_ = {now_ + 24h * 31, false};
    EXPECT_EQ(refresh(),
              "root.json: expired at 2026-12-24T06:00:00.000000Z; nothing new is accepted until it is signed "
              "again (this clock is not set, but that moment has certainly passed)");
    EXPECT_EQ(trusted(), before_);
}

TEST_F(Attack, case_15_fast_forwarded_versions_recover_by_new_keys) {
    struct Case {
        const char* role;
        std::vector<std::string> rotate;
    };
    for (const auto& [role, rotate] :
         {Case{"timestamp", {"timestamp"}}, Case{"snapshot", {"snapshot", "timestamp"}},
          Case{"targets", {"snapshot"}}}) {
        repo_.version[role] = 99;
        repo_.publish({role});
        if (role != std::string("timestamp")) repo_.publish({"snapshot", "timestamp"});
        ASSERT_EQ(refresh(), "") << role;
        ASSERT_GE(trusted()[role], 100) << role;
        for (const auto& one : rotate) repo_.rotate(one);
        repo_.version[role] = 1;
        repo_.publish({"root", "targets", "snapshot", "timestamp"});
        EXPECT_EQ(refresh(), "") << role;
        EXPECT_EQ(trusted()[role], 2) << role;
        heal();
    }
}

TEST_F(Attack, case_15_recovery_also_where_an_old_key_stays) {
    // Two timestamp keys, one compromised and taken out: the files signed by the other are deleted too
    // (5.3.11).
    repo_.keys["timestamp"].push_back(ed25519());
    repo_.publish(all_roles);
    repo_.version["timestamp"] = 99;
    repo_.publish({"timestamp"});
    ASSERT_EQ(refresh(), "");
    repo_.keys["timestamp"].pop_back();
    repo_.version["timestamp"] = 2;
    repo_.publish({"root", "timestamp"});
    EXPECT_EQ(refresh(), "");
    EXPECT_EQ(trusted()["timestamp"], 3);
}

TEST_F(Attack, case_16_more_bytes_than_a_file_may_have_are_not_asked_for) {
    std::map<std::string, std::uint64_t> caps;
    const auto honest = repo_.fetch();
    repo_.hashes = true;
    repo_.publish({"targets", "snapshot", "timestamp"});
    TufClient watched(
        folder_ / "trust",
        [&](const std::string& name, std::uint64_t cap) {
            caps[name] = cap;
            return honest(name, cap);
        },
        moment_);
    watched.refresh();
    EXPECT_EQ(caps.at("2.root.json"), content::root_cap);
    EXPECT_EQ(caps.at("timestamp.json"), content::timestamp_cap);
    EXPECT_EQ(caps.at("2.snapshot.json"), repo_.files.at("2.snapshot.json").size()) << "the signed length";
    EXPECT_EQ(caps.at("2.targets.json"), repo_.files.at("2.targets.json").size());
}

TEST_F(Attack, case_16_roots_without_end_stop_at_the_cap) {
    for (int n = 0; n < 9; ++n) repo_.publish({"root"});
    TufClient few(folder_ / "trust", repo_.fetch(), moment_, {.new_roots = 4});
    few.refresh();
    EXPECT_EQ(trusted()["root"], 5) << "the next visit continues";
}

TEST_F(Attack, case_17_hostile_json) {
    const auto deep = std::string(100'000, '[');
    const auto good = repo_.files.at("timestamp.json");
    const auto twice = R"({"signatures":[],"signatures":[],"signed":{}})";
    const auto huge =
        R"({"signatures":[],"signed":{"_type":"timestamp","version":123456789012345678901234567890}})";
    std::string values = "[0";
    for (int n = 0; n < 7000; ++n) values += ",0";
    for (const auto& bad :
         {deep, std::string(twice), std::string(huge), std::string("{"), good + "x", values + "]",
          std::string("\xff\xfe{}"), std::string(content::timestamp_cap + 1, ' ')}) {
        EXPECT_THROW(static_cast<void>(content::parse_timestamp(bad, "timestamp.json")), Error)
            << bad.substr(0, 60);
        repo_.files["timestamp.json"] = bad;
        EXPECT_NE(refresh(), "") << bad.substr(0, 60);
        EXPECT_EQ(trusted(), before_);
    }
    repo_.tweak["timestamp"] = [](json::object& body) { body["x"] = 1.5; };
    EXPECT_THROW(static_cast<void>(repo_.sign_role("timestamp", 2)), Error)
        << "canonical JSON has no fractions";
}

TEST_F(Attack, case_17_a_pattern_made_to_cost_costs_nothing) {
    std::string pattern, path(400, 'a');
    for (int n = 0; n < 200; ++n) pattern += "*a";
    EXPECT_FALSE(content::path_matches(pattern + "b", path));  // 2^200 ways if each star were tried with each
    EXPECT_TRUE(content::path_matches(pattern, path));
}

}  // namespace
}  // namespace riverlight::test
