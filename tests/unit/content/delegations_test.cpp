// Delegations (section 4.5) and the search for a target (5.6.7).
#include <rapidcheck.h>

#include "tests/unit/content/client_fixture.hpp"

namespace riverlight::test {
namespace {

using ::testing::ElementsAre;

class Delegations : public Tuf {
  protected:
    void SetUp() override { trust(); }
    /// Publishes every role there is, delegated ones too.
    void publish_all() {
        std::vector<std::string> roles;
        for (const auto& [role, unused] : repo_.keys)
            if (role != "root" && role != "snapshot" && role != "timestamp") roles.push_back(role);
        roles.insert(roles.end(), {"snapshot", "timestamp"});
        repo_.publish(roles);
    }
    /// The delegated roles that a search for `path` asked for, in order.
    std::vector<std::string> visited(const std::string& path) {
        static_cast<void>(finds(path));
        std::vector<std::string> out;
        for (auto it = repo_.asked.begin() + 2; it != repo_.asked.end(); ++it) {
            const auto role = it->substr(it->find('.') + 1, it->size() - it->find('.') - 6);
            if (role != "targets" && role != "snapshot") out.push_back(role);
        }
        return out;
    }
};

TEST_F(Delegations, AreSearchedInPreOrderDepthFirst) {
    struct Edge {
        const char *from, *to;
        bool terminating = false;
        const char* pattern = "*";
    };
    struct Graph {
        const char* what;
        std::vector<Edge> edges;
        std::vector<std::string> order;
    };
    const std::vector<Graph> graphs{
        {"one", {{"targets", "A"}}, {"A"}},
        {"two", {{"targets", "A"}, {"targets", "B"}}, {"A", "B"}},
        {"depth first", {{"targets", "A"}, {"targets", "B"}, {"A", "C"}, {"A", "D"}}, {"A", "C", "D", "B"}},
        {"three levels", {{"targets", "A"}, {"targets", "B"}, {"A", "C"}, {"C", "D"}}, {"A", "C", "D", "B"}},
        {"terminating", {{"targets", "A"}, {"targets", "B"}, {"A", "C", true}, {"A", "D"}}, {"A", "C"}},
        {"terminating, its own go on",
         {{"targets", "A"}, {"targets", "B"}, {"A", "C", true}, {"C", "D"}},
         {"A", "C", "D"}},
        {"patterns", {{"targets", "A", false, "*.py"}, {"targets", "B"}, {"A", "C"}}, {"B"}},
        {"a pattern below",
         {{"targets", "A"}, {"targets", "B"}, {"A", "C", false, "*.py"}, {"C", "D"}},
         {"A", "B"}},
        {"a terminating one elsewhere", {{"targets", "A", true, "*.py"}, {"targets", "B"}}, {"B"}},
        {"a circle",
         {{"targets", "A"}, {"targets", "B"}, {"B", "C"}, {"C", "D"}, {"D", "B"}},
         {"A", "B", "C", "D"}},
        {"a diamond", {{"targets", "A"}, {"targets", "B"}, {"B", "C"}, {"A", "C"}}, {"A", "C", "B"}},
    };
    for (const auto& [what, edges, order] : graphs) {
        repo_ = Repository(now_);
        std::filesystem::remove_all(folder_ / "trust");
        trust();
        for (const auto& e : edges)
            repo_.delegate(e.from, {.name = e.to, .paths = {e.pattern}, .terminating = e.terminating});
        publish_all();
        EXPECT_EQ(visited("missing"), order) << what;
    }
}

TEST_F(Delegations, FindATargetOnlyIfAllInTheChainCoverIt) {
    repo_.delegate("targets", {.name = "A", .paths = {"*.doc", "*.md", "foo-?.tgz"}});
    repo_.delegate("targets", {.name = "B", .paths = {"releases/*/*"}});
    repo_.delegate("B", {.name = "C", .paths = {"releases/x/*"}});
    repo_.delegate("B", {.name = "D", .paths = {"releases/y/*.zip"}});
    for (const auto& [role, path] :
         std::vector<std::pair<const char*, const char*>>{{"targets", "top"},
                                                          {"A", "README.md"},
                                                          {"A", "releases/README.md"},
                                                          {"A", "foo-1.tgz"},
                                                          {"A", "foo-alpha.tgz"},
                                                          {"C", "releases/x/one"},
                                                          {"D", "releases/y/one.zip"},
                                                          {"D", "releases/z/one.zip"}})
        repo_.add_target(role, path, path);
    publish_all();
    for (const auto* path : {"top", "README.md", "foo-1.tgz", "releases/x/one", "releases/y/one.zip"})
        EXPECT_TRUE(finds(path)) << path;
    for (const auto* path :
         {"releases/README.md", "foo-alpha.tgz", "releases/z/one.zip", "README.MD", "none"})
        EXPECT_FALSE(finds(path)) << path;
    auto c = client();
    c.refresh();
    c.load_all([](const auto&, const Error& e) { FAIL() << e.what(); });
    std::vector<std::string> astray;
    std::map<std::string, content::VerifiedTarget> all;
    c.all_targets([&](std::string_view path, const content::VerifiedTarget& v) { all.emplace(path, v); },
                  astray);
    EXPECT_EQ(all.size(), 5U);
    EXPECT_EQ(all.at("releases/x/one").role, "C");
    EXPECT_THAT(astray, ElementsAre("A: foo-alpha.tgz", "A: releases/README.md", "D: releases/z/one.zip"));
}

TEST_F(Delegations, TheFirstRoleThatListsATargetCounts) {
    repo_.delegate("targets", {.name = "A"});
    repo_.delegate("targets", {.name = "B"});
    repo_.add_target("A", "x", "from A");
    repo_.add_target("B", "x", "from B");
    publish_all();
    auto c = client();
    c.refresh();
    EXPECT_EQ(c.find("x")->role, "A");
}

TEST_F(Delegations, ByHashPrefixCoverOnlyTheirBins) {
    for (const auto* bin : {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "a", "b", "c", "d", "e", "f"})
        repo_.delegate("targets", {.name = std::string("bin-") + bin, .hash_prefixes = {bin}});
    for (int n = 0; n < 40; ++n) {
        const auto path = "places/" + std::to_string(n) + ".json";
        repo_.add_target("bin-" + sha256_hex(path).substr(0, 1), path, path);
    }
    repo_.add_target("bin-0", "astray", "x");  // its hash begins with another digit
    ASSERT_NE(sha256_hex("astray")[0], '0');
    publish_all();
    for (int n = 0; n < 40; ++n) EXPECT_TRUE(finds("places/" + std::to_string(n) + ".json"));
    EXPECT_FALSE(finds("astray"));
    EXPECT_EQ(visited("astray").size(), 0U) << "its own bin was fetched just before, no other ever";
}

TEST_F(Delegations, ARoleIsVerifiedAgainstEachWhoDelegatesToIt) {
    const auto a = ed25519(), b = ed25519();
    repo_.delegate("targets", {.name = "parent-a", .paths = {"a/*"}});
    repo_.delegate("targets", {.name = "parent-b", .paths = {"b/*"}});
    repo_.delegate("parent-a", {.name = "release", .paths = {"a/*"}, .keys = {a}});
    repo_.delegate("parent-b", {.name = "release", .paths = {"b/*"}, .keys = {b}});
    repo_.signers["release"] = {a};
    repo_.add_target("release", "a/one", "good");
    repo_.add_target("release", "b/one", "evil");
    publish_all();
    auto c = client();
    c.refresh();
    EXPECT_TRUE(c.find("a/one"));
    EXPECT_THROW(static_cast<void>(c.find("b/one")), Error);
    EXPECT_TRUE(c.find("a/one"));
}

TEST_F(Delegations, NotInTheSnapshotAreNotUsedNorFetched) {
    repo_.delegate("targets", {.name = "A"});
    repo_.publish({"A", "targets"});
    repo_.meta["snapshot"].erase("A.json");
    repo_.publish({"snapshot", "timestamp"});
    EXPECT_THROW(static_cast<void>(finds("x")), Error);
    EXPECT_THAT(repo_.asked, ::testing::Not(::testing::Contains("1.A.json")));
}

TEST_F(Delegations, NamesWithSlashesStayInTheirFolder) {
    for (const auto* name : {"?", "#", "/role", "../role", "a b", "..", "\xE1\x9E\x80"}) {
        repo_ = Repository(now_);
        std::filesystem::remove_all(folder_ / "trust");
        trust();
        repo_.delegate("targets", {.name = name});
        publish_all();
        EXPECT_FALSE(finds("none")) << name;
        EXPECT_THAT(repo_.asked, ::testing::Contains("1." + content::percent_encoded(name) + ".json"));
        EXPECT_EQ(trusted().size(), 5U) << name;
    }
}

TEST_F(Delegations, ToATopLevelRoleOrTwiceToOneAreRefused) {
    for (const auto* name : {"root", "timestamp", "snapshot", "targets", ""}) {
        repo_ = Repository(now_);
        std::filesystem::remove_all(folder_ / "trust");
        trust();
        repo_.delegations["targets"] = {{.name = name, .keys = {ed25519()}}};
        repo_.publish({"targets", "snapshot", "timestamp"});
        EXPECT_THAT(misread(), Refuses(ReadFault::misplaced, "delegations.roles.name")) << name;
    }
    repo_.delegations["targets"] = {{.name = "A", .keys = {ed25519()}}, {.name = "A", .keys = {ed25519()}}};
    repo_.publish({"targets", "snapshot", "timestamp"});
    EXPECT_THAT(misread(), Refuses(ReadFault::duplicate, "delegations.roles.A"));
}

TEST_F(Delegations, AreLimitedInNumber) {
    std::string from = "targets";
    for (int n = 0; n < 80; ++n) {
        const auto to = "r" + std::to_string(n);
        repo_.delegate(from, {.name = to});
        from = to;
    }
    repo_.add_target("r79", "far", "x");
    publish_all();
    EXPECT_FALSE(finds("far"));
    EXPECT_LE(repo_.asked.size(), 4U + 64U);
}

TEST_F(Delegations, ThresholdsOfDelegatedRolesHold) {
    const std::vector<Signer> all{ed25519(), ed25519(), ed25519()};
    repo_.delegate("targets", {.name = "A", .keys = all, .threshold = 2});
    repo_.add_target("A", "x", "x");
    repo_.signers["A"] = {all[0]};
    publish_all();
    EXPECT_THROW(static_cast<void>(finds("x")), Error);
    repo_.signers["A"] = {all[0], all[2]};
    publish_all();
    EXPECT_TRUE(finds("x"));
}

/// The plain recursive meaning of a pattern, to compare with.
bool matches_plainly(std::string_view pattern, std::string_view path) {
    if (pattern.empty()) return path.empty();
    if (pattern[0] == '*')
        return matches_plainly(pattern.substr(1), path) ||
               (!path.empty() && path[0] != '/' && matches_plainly(pattern, path.substr(1)));
    if (path.empty()) return false;
    return (pattern[0] == '?' ? path[0] != '/' : pattern[0] == path[0]) &&
           matches_plainly(pattern.substr(1), path.substr(1));
}

TEST(Pattern, EqualsAPlainImplementation) {
    EXPECT_TRUE(rc::check([] {
        const auto text = [](const char* letters, int most) {
            return *rc::gen::resize(
                most, rc::gen::container<std::string>(rc::gen::elementOf(std::string(letters))));
        };
        const auto pattern = text("ab/*?", 8), path = text("ab/", 10);
        RC_ASSERT(content::path_matches(pattern, path) == matches_plainly(pattern, path));
    }));
}

}  // namespace
}  // namespace riverlight::test
