// The client workflow of The Update Framework (section 5): what is fetched, kept and refused.
#include "tests/unit/content/client_fixture.hpp"

namespace riverlight::test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(Tuf, AFirstVisitFetchesInOrderAndKeepsTheBytes) {
    trust();
    repo_.files["timestamp.json"] += " ";  // bytes of its own, still the same metadata
    EXPECT_EQ(refresh(), "");
    EXPECT_THAT(repo_.asked,
                ElementsAre("2.root.json", "timestamp.json", "1.snapshot.json", "1.targets.json"));
    EXPECT_EQ(trusted(), (Versions{{"root", 1}, {"timestamp", 1}, {"snapshot", 1}, {"targets", 1}}));
    EXPECT_EQ(kept("timestamp"), repo_.files.at("timestamp.json"));
    EXPECT_EQ(refresh(), "");
    EXPECT_THAT(repo_.asked, ElementsAre("2.root.json", "timestamp.json"))
        << "what is current is not fetched again";
}

TEST_F(Tuf, ATreeWithoutConsistentSnapshotsIsReadToo) {
    repo_.consistent = false;
    repo_.files.clear();
    repo_.version.clear();
    repo_.publish({"root", "targets", "snapshot", "timestamp"});
    trust();
    EXPECT_EQ(refresh(), "");
    EXPECT_THAT(repo_.asked, ElementsAre("2.root.json", "timestamp.json", "snapshot.json", "targets.json"));
}

TEST_F(Tuf, AnInitialRootThatIsNoRootOrNotSignedIsNotTrusted) {
    for (const auto* bad : {"{}", "", "[]", R"({"signatures":[],"signed":{}})"})
        EXPECT_THROW(trust(bad), Error) << bad;
    repo_.envelope["root"] = [](json::object& file) { file["signatures"].as_array().clear(); };
    EXPECT_THROW(trust(repo_.sign_role("root", 1)), Error);
    EXPECT_FALSE(std::filesystem::exists(folder_ / "trust/root.json"));
}

TEST_F(Tuf, AnotherVersionThanTheNameSaysIsRefusedAtThatRole) {
    struct Case {
        const char* role;
        Versions trusted;
    };
    for (const auto& [role, wanted] :
         {Case{"root", {{"root", 1}}}, Case{"snapshot", {{"root", 2}, {"timestamp", 2}}},
          Case{"targets", {{"root", 2}, {"timestamp", 2}, {"snapshot", 2}}}}) {
        repo_ = Repository(now_);
        std::filesystem::remove_all(folder_ / "trust");
        trust();
        repo_.tweak[role] = [](json::object& body) { body["version"] = body["version"].as_int64() + 1; };
        repo_.publish(all_roles);
        EXPECT_NE(refresh(), "") << role;
        EXPECT_EQ(trusted(), wanted) << role;
    }
}

TEST_F(Tuf, HashesOfMetadataHold) {
    trust();
    repo_.hashes = true;
    repo_.publish({"targets", "snapshot", "timestamp"});
    EXPECT_EQ(refresh(), "");
    for (const auto* role : {"targets", "snapshot"}) {
        repo_.publish({"targets", "snapshot"});
        auto& facts = role == std::string("targets") ? repo_.meta["snapshot"]["targets.json"]
                                                     : repo_.meta["timestamp"]["snapshot.json"];
        facts.as_object()["hashes"] = json::object{{"sha256", std::string(64, '0')}};
        if (role == std::string("targets")) repo_.publish({"snapshot"});
        repo_.publish({"timestamp"});
        EXPECT_THAT(distrust(), Refuses(TrustFault::bytes, "")) << role;
        EXPECT_LT(trusted()[role], repo_.version[role]) << role;
    }
}

TEST_F(Tuf, NamesAMissingFileAndKeepsThoseBeforeIt) {
    trust();
    EXPECT_EQ(refresh(), "");
    repo_.publish({"targets", "snapshot", "timestamp"});
    auto whole = repo_.files;
    repo_.files.erase("2.targets.json");
    EXPECT_THAT(distrust(), AllOf(Refuses(TrustFault::absent, ""), Of("metadata/2.targets.json")));
    EXPECT_EQ(trusted(), (Versions{{"root", 1}, {"timestamp", 2}, {"snapshot", 2}, {"targets", 1}}));
    repo_.files.erase("timestamp.json");
    EXPECT_THAT(distrust(), AllOf(Refuses(TrustFault::absent, ""), Of("metadata/timestamp.json")));
    repo_.files = whole;
    EXPECT_EQ(refresh(), "") << "the next visit succeeds after a failure";
}

TEST_F(Tuf, MetadataOfAnotherTypeIsRefused) {
    trust();
    repo_.keys["snapshot"] = repo_.signers["snapshot"] = repo_.keys["timestamp"];
    repo_.publish({"root", "snapshot"});
    repo_.meta["snapshot"] = {{"snapshot.json", json::object{{"version", 1}}}};
    repo_.files["timestamp.json"] = repo_.sign_role("snapshot", 2);
    EXPECT_THAT(misread(), Refuses(ReadFault::misplaced, "_type"));
    EXPECT_EQ(trusted(), (Versions{{"root", 2}}));
}

TEST_F(Tuf, FieldsAndKeysOfLaterVersionsAreToleratedAndSigned) {
    trust();
    auto other = ed25519();
    other.key = key_json("ed25519", "ed25519", SigningKey::generate().public_hex());
    other.key["x-note"] = json::object{{"a", 1}};
    repo_.keys["root"].push_back(signer_of(other.key, {}));
    repo_.keys["root"].push_back(signer_of(key_json("sphincs", "sphincs-shake-128s", "00"), {}));
    repo_.tweak["root"] = [](json::object& body) { body["x-later"] = json::array{1, "two", nullptr}; };
    repo_.publish(all_roles);
    EXPECT_EQ(refresh(), "");
    EXPECT_EQ(trusted()["root"], 2);
}

TEST_F(Tuf, AKeyWithAWrongIdDoesNotCount) {
    trust();
    repo_.tweak["root"] = [&](json::object& body) {
        const auto id = std::string(64, 'a');
        auto& all = body["keys"].as_object();
        all[id] = all[repo_.keys["snapshot"][0].id];
        body["roles"].as_object()["snapshot"].as_object()["keyids"] = json::array{json::value(id)};
    };
    repo_.envelope["snapshot"] = [](json::object& file) {
        file["signatures"].as_array()[0].as_object()["keyid"] = std::string(64, 'a');
    };
    repo_.publish(all_roles);
    EXPECT_THAT(signatures(), ::testing::Optional(::testing::Pair(0, 1)));
}

TEST_F(Tuf, AllKeyKindsOfTheSpecificationCount) {
    struct Case {
        const char* what;
        std::function<Signer()> make;
    };
    for (const auto& [what, make] : {Case{"ed25519", ed25519}, Case{"ecdsa", [] { return ecdsa(); }},
                                     Case{"rsa", [] { return rsa(); }}}) {
        repo_ = Repository(now_);
        std::filesystem::remove_all(folder_ / "trust");
        trust();
        repo_.keys["root"].push_back(make());
        repo_.signers["root"].push_back(repo_.keys["root"].back());
        repo_.threshold["root"] = 2;
        repo_.publish({"root"});
        EXPECT_EQ(refresh(), "") << what;
        repo_.envelope["root"] = [](json::object& file) {
            auto& sig = file["signatures"].as_array()[1].as_object()["sig"].as_string();
            sig[20] = sig[20] == '0' ? '1' : '0';
        };
        repo_.publish({"root"});
        EXPECT_NE(refresh(), "") << what << ", one digit changed";
        EXPECT_EQ(trusted()["root"], 2) << what;
    }
}

TEST_F(Tuf, WeakKeysAndKeysOfAnotherSchemeDoNotCount) {
    for (const auto& weak : {rsa(1024), ecdsa("P-384")}) {
        const auto sig = weak.sign("text");
        const auto kind = key_kind(std::string(weak.key.at("keytype").as_string()),
                                   std::string(weak.key.at("scheme").as_string()));
        const std::string pem(weak.key.at("keyval").at("public").as_string());
        EXPECT_FALSE(verify_signature(PublicKey{kind, pem}, "text", sig));
    }
    const auto good = rsa();
    const PublicKey key{KeyKind::rsa_pss, std::string(good.key.at("keyval").at("public").as_string())};
    EXPECT_TRUE(verify_signature(key, "text", good.sign("text")));
    EXPECT_FALSE(verify_signature(PublicKey{KeyKind::ecdsa_p256, key.value}, "text", good.sign("text")));
}

TEST_F(Tuf, ExpiredMetadataIsRefusedButAnExpiredLocalFileIsReplaced) {
    struct Case {
        const char* role;
        Versions trusted;
    };
    for (const auto& [role, wanted] :
         {Case{"root", {{"root", 2}, {"timestamp", 1}, {"snapshot", 1}, {"targets", 1}}},
          Case{"timestamp", {{"root", 2}, {"timestamp", 1}, {"snapshot", 1}, {"targets", 1}}},
          Case{"snapshot", {{"root", 2}, {"timestamp", 2}, {"snapshot", 1}, {"targets", 1}}},
          Case{"targets", {{"root", 2}, {"timestamp", 2}, {"snapshot", 2}, {"targets", 1}}}}) {
        repo_ = Repository(now_);
        std::filesystem::remove_all(folder_ / "trust");
        trust();
        EXPECT_EQ(refresh(), "");
        repo_.expires[role] = now_ - 24h;
        repo_.publish(all_roles);
        try {
            visit();
            FAIL() << role;
        } catch (const content::Expired& e) {
            EXPECT_EQ(e.since, now_ - 24h) << role;
        }
        EXPECT_EQ(trusted(), wanted) << role;
        repo_.expires.clear();
        repo_.publish(all_roles);
        EXPECT_EQ(refresh(), "") << role;
    }
}

TEST_F(Tuf, AcceptsNewMetadataWhenTheLocalHasExpired) {
    trust();
    repo_.expires = {{"root", now_ + 24h * 7}, {"timestamp", now_ + 24h * 7}};
    repo_.publish({"root", "timestamp"});
    EXPECT_EQ(refresh(), "");
    repo_.expires = {};
    repo_.publish(all_roles);
    moment_ = now_ + 24h * 18;
    EXPECT_EQ(refresh(), "");
    EXPECT_EQ(trusted(), (Versions{{"root", 3}, {"timestamp", 3}, {"snapshot", 2}, {"targets", 2}}));
}

TEST_F(Tuf, ATargetWithHashesOfUnknownKindsIsNotChecked) {
    content::FileFacts facts{3, "", "", true};
    EXPECT_THROW(content::require_bytes(facts, "abc", "a"), Error);
    facts.sha512 = sha512_hex("abc");
    EXPECT_NO_THROW(content::require_bytes(facts, "abc", "a"));
    EXPECT_THROW(content::require_bytes(facts, "abd", "a"), Error);
    facts.sha256 = sha256_hex("abd");
    EXPECT_THROW(content::require_bytes(facts, "abc", "a"), Error) << "every supported hash must match";
}

}  // namespace
}  // namespace riverlight::test
