// Publishing: thresholds, drafts signed by several holders, key rotation, interruptions, garbage, the log.
#include <sys/wait.h>

#include "content/channel/client.hpp"
#include "tests/integration/content/channel_fixture.hpp"
#include "tools/publisher/init.hpp"
#include "tools/publisher/rotate.hpp"

namespace riverlight::test {
namespace {

using publisher::MissingSignatures;
using publisher::PublishFault;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr const char* no_clearances = "format = 1\ncountry = \"KH\"\nclearances = []\n";

MATCHER_P3(Lacks, role, good, needed, "") {
    return arg.role == role && arg.good == good && arg.needed == needed;
}

class Publisher : public Channel {
  protected:
    /// A channel with three holders, of whom two must sign root and targets. Each has a folder of keys.
    void three_holders() {
        fs::remove_all(root_ / "keys");
        fs::remove_all(root_ / "tree");
        publisher::InitOptions options;
        options.keys = at("keys");
        options.countries = {"kh"};
        options.holders = {"ana", "bo", "chan"};
        options.threshold = 2;
        publisher::init_channel(options, at("tree"), now_);
        for (const auto* holder : {"ana", "bo", "chan"}) {
            fs::create_directories(root_ / holder);
            for (const auto* role : {"root", "targets"}) {
                const auto name = std::string(role) + '.' + holder + ".key";
                fs::rename(root_ / "keys" / name, root_ / holder / name);
            }
        }
    }
    void sign(const std::string& file, const std::string& holder) const {
        publisher::KeyRing ring(at(holder));
        std::vector<std::string> said;
        write_file_atomically(file, publisher::sign_draft(read_file(file, 1U << 20), file, ring, said));
        EXPECT_THAT(said, Not(IsEmpty())) << holder;
    }
    publisher::PublishReport finish(const std::vector<std::string>& files) {
        publisher::KeyRing ring(at("keys"));
        return publisher::finish(files, ring, publisher::Tree(at("tree")), publisher::default_terms(), now_);
    }
    publisher::PublishReport rotate(const publisher::Rotation& rotation, const std::string& draft = {},
                                    const std::string& keys = "keys", publisher::WriteWhole write = {}) {
        publisher::KeyRing ring(at(keys));
        return publisher::rotate(rotation, ring, publisher::Tree(at("tree"), std::move(write)),
                                 publisher::default_terms(), now_, draft);
    }
    std::string new_key(const std::string& path) const {
        SigningKey::generate().save(at(path));
        return at(path);
    }
    std::string key_hex(const std::string& path) const { return SigningKey::read_public_hex(at(path)); }

    static publisher::WriteWhole cut_after(int& left) {
        return [&left](const std::string& path, std::string_view bytes) {
            if (left-- == 0) throw Error("cut");
            write_file_atomically(path, bytes);
        };
    }
};

TEST_F(Publisher, AThresholdIsReachedByCarryingAFileFromHolderToHolder) {
    three_holders();
    EXPECT_THAT(unsigned_roles([&] { static_cast<void>(publish()); }), ElementsAre(Lacks("targets", 0, 2)));
    const auto draft = at("draft.json");
    EXPECT_THAT(publish(draft).missing, ElementsAre(Lacks("targets", 0, 2)));
    EXPECT_FALSE(fs::exists(at("tree/metadata/timestamp.json"))) << "unsigned metadata are not published";
    sign(draft, "ana");
    EXPECT_THAT(finish({draft}).missing, ElementsAre(Lacks("targets", 1, 2)));
    sign(draft, "chan");
    EXPECT_THAT(finish({draft}).missing, IsEmpty());
    EXPECT_EQ(verify().roles, 2U);
    EXPECT_TRUE(sync().changed);
    EXPECT_THAT(refused<PublishFault>([&] { static_cast<void>(finish({draft})); }),
                AllOf(Refuses(PublishFault::already_published, "kh"), Of(draft)));
}

TEST_F(Publisher, CopiesSignedSeparatelyAreMerged) {
    three_holders();
    static_cast<void>(publish(at("a.json")));
    fs::copy(at("a.json"), at("b.json"));
    sign(at("a.json"), "ana");
    sign(at("b.json"), "bo");
    EXPECT_THAT(finish({at("a.json"), at("b.json")}).missing, IsEmpty());
    EXPECT_NO_THROW(static_cast<void>(verify()));
}

TEST_F(Publisher, CopiesOfDifferentDraftsAreRefused) {
    three_holders();
    static_cast<void>(publish(at("a.json")));
    add_segment("second", "the picture of two");
    static_cast<void>(publish(at("b.json")));
    EXPECT_THAT(refused<PublishFault>([&] {
                    static_cast<void>(finish({at("a.json"), at("b.json")}));
                }),
                AllOf(Refuses(PublishFault::another_draft, "targets"), Of(at("b.json"))));
}

TEST_F(Publisher, ABadSignatureInADraftDoesNotBlockAGoodOne) {
    three_holders();
    static_cast<void>(publish(at("a.json")));
    sign(at("a.json"), "ana");
    sign(at("a.json"), "bo");
    fs::copy(at("a.json"), at("good.json"));
    auto text = read_file(at("a.json"), 1U << 20);
    const auto sig = text.rfind("\"sig\": \"") + 8;
    text[sig] = text[sig] == '0' ? '1' : '0';
    write_file_atomically(at("a.json"), text);
    EXPECT_THAT(finish({at("a.json")}).missing, SizeIs(1));
    EXPECT_THAT(finish({at("a.json"), at("good.json")}).missing, IsEmpty());
}

TEST_F(Publisher, ADraftShowsWhatWouldBeSigned) {
    three_holders();
    static_cast<void>(publish(at("a.json")));
    const auto lines = publisher::describe_draft(read_file(at("a.json"), 1U << 20), "a.json");
    EXPECT_THAT(lines, Contains(testing::HasSubstr("segments/false-promise.json")));
    EXPECT_THAT(lines, Contains(testing::HasSubstr("targets 1, valid until")));
}

TEST_F(Publisher, AnInterruptionLeavesTheOldOrNewReleaseAndTheNextRunFinishes) {
    static_cast<void>(publish());
    const auto old = verify();
    const auto before = at("before");
    fs::copy(at("tree"), before, fs::copy_options::recursive);
    add_segment("second", "the picture of two");
    write("source/countries/kh/clearances.toml", no_clearances);
    bool whole = false;
    for (int cut = 0; !whole; ++cut) {
        ASSERT_LT(cut, 50);
        fs::remove_all(at("tree"));
        fs::copy(before, at("tree"), fs::copy_options::recursive);
        int left = cut;
        try {
            static_cast<void>(publish({}, cut_after(left)));
            whole = true;
        } catch (const Error& e) {
            ASSERT_STREQ(e.what(), "cut");
            EXPECT_EQ(verify(), old) << "cut " << cut;
        }
        EXPECT_EQ(publish().changed, !whole) << "cut " << cut << ": the next run completes it";
        EXPECT_EQ(verify().roles, 2U) << cut;
        EXPECT_NE(verify(), old) << cut;
        fs::remove_all(at("store"));
        ASSERT_TRUE(sync().changed) << cut;
        EXPECT_TRUE(load()->catalogue.countries.at("KH").clearances.empty()) << cut;
    }
}

TEST_F(Publisher, BoardsFollowKeyRotationsOfAllRolesWithoutAGap) {
    static_cast<void>(publish());
    ASSERT_TRUE(sync().changed);
    for (const auto* role : {"timestamp", "snapshot", "targets", "kh", "root"}) {
        const auto old = key_hex(std::string("keys/") + role + ".key");
        const auto fresh = new_key(std::string("keys/") + role + ".next.key");
        EXPECT_THAT(rotate({.role = role, .add = {fresh}, .remove = {old.substr(0, 12)}}).missing, IsEmpty())
            << role;
        EXPECT_NO_THROW(static_cast<void>(verify())) << role;
        fs::remove(at(std::string("keys/") + role + ".key"));
        EXPECT_NO_THROW(static_cast<void>(sync())) << role;
        add_segment(std::string("after-") + role, role);
        static_cast<void>(publish());
        EXPECT_TRUE(sync().changed) << role << ": metadata signed by the new key are accepted";
    }
}

TEST_F(Publisher, AnInterruptedRotationIsReadableByOldAndNewReaders) {
    static_cast<void>(publish());
    fs::copy(at("tree"), at("before"), fs::copy_options::recursive);
    for (const auto* role : {"timestamp", "snapshot", "targets"}) {
        const auto fresh = new_key(std::string("keys/") + role + ".next.key");
        bool whole = false;
        for (int cut = 0; !whole; ++cut) {
            ASSERT_LT(cut, 20);
            fs::remove_all(at("tree"));
            fs::copy(at("before"), at("tree"), fs::copy_options::recursive);
            int left = cut;
            try {
                static_cast<void>(rotate(
                    {.role = role, .add = {fresh}, .remove = {key_hex(std::string("keys/") + role + ".key")}},
                    {}, "keys", cut_after(left)));
                whole = true;
            } catch (const Error& e) {
                ASSERT_STREQ(e.what(), "cut");
            }
            EXPECT_NO_THROW(static_cast<void>(verify())) << role << " cut " << cut;
        }
    }
}

TEST_F(Publisher, RemovesACompromisedKeyWithoutUsingIt) {
    static_cast<void>(publish());
    ASSERT_TRUE(sync().changed);
    const auto stolen = key_hex("keys/targets.key");
    fs::remove(at("keys/targets.key"));
    EXPECT_THAT(
        rotate({.role = "targets", .add = {new_key("keys/targets.new.key")}, .remove = {stolen}}).missing,
        IsEmpty());
    EXPECT_NO_THROW(static_cast<void>(sync()));
    EXPECT_NO_THROW(static_cast<void>(verify()));
}

TEST_F(Publisher, ACoordinatorsPublicKeyIsEnoughForANewCountry) {
    static_cast<void>(publish());
    fs::create_directories(root_ / "coordinator");
    new_key("coordinator/la.key");
    EXPECT_THAT(rotate({.role = "la", .add = {"dao:" + key_hex("coordinator/la.key")}}).missing, IsEmpty());
    write("source/countries/la/places.toml",
          "format = 1\ncountry = \"LA\"\n[hours]\n[[places]]\nid = \"la-1\"\nname = \"One\"\nzone = "
          "\"Asia/Vientiane\"\nschedule = \"mekong\"\nlanguages = [{language = \"lo\"}]\n");
    write("source/countries/la/clearances.toml", "format = 1\ncountry = \"LA\"\nclearances = []\n");
    write("source/countries/la/hotlines.toml", "format = 1\ncountry = \"LA\"\n[hotlines]\n");
    EXPECT_THAT(publish(at("la.json")).missing, ElementsAre(Lacks("la", 0, 1)));
    sign(at("la.json"), "coordinator");
    EXPECT_THAT(finish({at("la.json")}).missing, IsEmpty());
    EXPECT_EQ(verify().roles, 3U);
}

TEST_F(Publisher, QuietHoursNameADaypartOfThePlacesSchedule) {
    const auto places = read_file(at("source/countries/kh/places.toml"), 1U << 20);
    write("source/countries/kh/places.toml", places + "quiet = [{ daypart = \"surgry\" }]\n");
    const auto schedule = read_file(at("source/schedules/mekong.toml"), 1U << 20);
    write("source/schedules/mekong.toml",
          schedule + "\n[dayparts.surgery]\nfrom = 08:00:00\nuntil = 12:00:00\n");
    EXPECT_THAT(unread([&] { static_cast<void>(publish()); }),
                AllOf(Refuses(ReadFault::unresolved, "places.kh-1.quiet"), Means("surgery")));
    write("source/countries/kh/places.toml", places + "quiet = [{ daypart = \"surgery\" }]\n");
    EXPECT_NO_THROW(static_cast<void>(publish()));
}

TEST_F(Publisher, RefusesFewerKeysThanTheThreshold) {
    static_cast<void>(publish());
    const auto before = read_file(at("tree/metadata/timestamp.json"), 1U << 20);
    for (const auto& rotation : {publisher::Rotation{.role = "kh", .remove = {key_hex("keys/kh.key")}},
                                 publisher::Rotation{.role = "kh", .threshold = 2}})
        EXPECT_THAT(refused<PublishFault>([&] { static_cast<void>(rotate(rotation)); }),
                    AllOf(Refuses(PublishFault::too_few_keys, ""), Of("kh")));
    EXPECT_THAT(unread([&] { static_cast<void>(rotate({.role = "kh", .remove = {"00000000"}})); }),
                AllOf(Refuses(ReadFault::unresolved, "00000000"), Of("kh")));
    EXPECT_THAT(unread([&] { static_cast<void>(rotate({.role = "kh", .add = {"nonsense"}})); }),
                AllOf(Refuses(ReadFault::malformed, ""), Of("nonsense")));
    EXPECT_EQ(read_file(at("tree/metadata/timestamp.json"), 1U << 20), before);
}

TEST_F(Publisher, ARefreshNeedsOnlyTheOnlineKeys) {
    static_cast<void>(publish());
    for (const auto* role : {"root", "targets", "kh"}) fs::remove(at(std::string("keys/") + role + ".key"));
    publisher::KeyRing ring(at("keys"));
    const publisher::Tree tree(at("tree"));
    now_ += 24h * 29;
    EXPECT_EQ(publisher::refresh(ring, tree, publisher::default_terms(), now_).snapshot, 1);
    now_ += 24h * 29;
    EXPECT_EQ(publisher::refresh(ring, tree, publisher::default_terms(), now_).snapshot, 2)
        << "half its term is over";
    EXPECT_NO_THROW(static_cast<void>(verify()));
    EXPECT_THAT(publisher::ending_soon(tree, now_ + 24h * 300, std::chrono::days{30}), SizeIs(2));
    fs::remove(at("keys/timestamp.key"));
    publisher::KeyRing without(at("keys"));
    EXPECT_THAT(unsigned_roles([&] {
                    static_cast<void>(publisher::refresh(without, tree, publisher::default_terms(), now_));
                }),
                ElementsAre(Lacks("timestamp", 0, 1)));
}

TEST_F(Publisher, RefusesASecondWriter) {
    static_cast<void>(publish());
    const publisher::Tree tree(at("tree"));
    const auto held = tree.lock();
    EXPECT_THAT(refused<PublishFault>([&] { static_cast<void>(publish()); }),
                AllOf(Refuses(PublishFault::in_use, ""), Of(at("tree"))));
}

TEST_F(Publisher, CollectsGarbageAndKeepsRecentReleases) {
    static_cast<void>(publish());
    const auto media = in_tree(sha256_hex("the picture of one"));
    fs::remove_all(at("source/segments"));
    add_segment("second", "the picture of two");
    write("source/schedules/mekong.toml", schedule("second"));
    write("source/countries/kh/clearances.toml", no_clearances);
    static_cast<void>(publish());
    write("tree/targets/media/cut.mp4.AbCdEf", "left by a cut");
    const publisher::Tree tree(at("tree"));
    EXPECT_EQ(publisher::collect_garbage(tree, 24h, false).files, 0U) << "the former release is of today";
    const auto look = publisher::collect_garbage(tree, 0h, true);
    EXPECT_THAT(look.paths, Contains(fs::relative(media, at("tree")).string()));
    EXPECT_THAT(look.paths, Contains("metadata/1.snapshot.json"));
    EXPECT_THAT(look.paths, Contains("targets/media/cut.mp4.AbCdEf"));
    EXPECT_THAT(look.paths, Not(Contains(testing::EndsWith("root.json"))));
    EXPECT_TRUE(fs::exists(at("tree/metadata/1.snapshot.json"))) << "a dry run removes nothing";
    EXPECT_EQ(publisher::collect_garbage(tree, 0h, false).files, look.files);
    EXPECT_NO_THROW(static_cast<void>(verify()));
    EXPECT_TRUE(sync().changed);
}

TEST_F(Publisher, TheLogSaysWhoSignedWhatWhen) {
    three_holders();
    static_cast<void>(publish(at("a.json")));
    sign(at("a.json"), "ana");
    sign(at("a.json"), "bo");
    static_cast<void>(finish({at("a.json")}));
    const auto log = publisher::read_log(publisher::Tree(at("tree")));
    const auto targets =
        std::find_if(log.begin(), log.end(), [](const auto& e) { return e.role == "targets"; });
    ASSERT_NE(targets, log.end());
    EXPECT_EQ(targets->made, to_rfc3339(now_));
    EXPECT_THAT(targets->signers, testing::UnorderedElementsAre(StartsWith("ana "), StartsWith("bo ")));
    EXPECT_THAT(targets->changes, Contains("+ segments/false-promise.json"));
    EXPECT_THAT(log, SizeIs(5));
}

TEST_F(Publisher, VerifyNamesTheFirstFault) {
    static_cast<void>(publish());
    const auto media = in_tree(sha256_hex("the picture of one"));
    write_file_atomically(media, "the picture of 0ne");
    EXPECT_THAT(refused<TrustFault>([&] { static_cast<void>(verify()); }),
                AllOf(Refuses(TrustFault::bytes, ""), Of(media.string())));
    fs::remove(media);
    EXPECT_THAT(refused<TrustFault>([&] { static_cast<void>(verify()); }),
                AllOf(Refuses(TrustFault::absent, ""), Of(media.string())));
}

TEST_F(Publisher, ProtectedKeysNeedTheirPassphrase) {
    fs::remove_all(root_ / "keys");
    fs::remove_all(root_ / "tree");
    publisher::InitOptions options;
    options.keys = at("keys");
    options.passphrase = "four words never joined";
    publisher::init_channel(options, at("tree"), now_);
    const auto file = parse_json(read_file(at("keys/targets.key"), 8192), "targets.key").as_object();
    EXPECT_EQ(file.at("sealed").at("kdf"), "argon2id13");
    EXPECT_FALSE(file.contains("secret_seed"));
    EXPECT_EQ(fs::status(at("keys/targets.key")).permissions(),
              fs::perms::owner_read | fs::perms::owner_write);
    EXPECT_THAT(refused<KeyFault>([&] { static_cast<void>(SigningKey::load(at("keys/targets.key"))); }),
                AllOf(Refuses(KeyFault::needs_passphrase, ""), Of(at("keys/targets.key"))));
    EXPECT_THAT(
        refused<KeyFault>([&] {
            static_cast<void>(SigningKey::load(at("keys/targets.key"), [](const auto&) { return "wrong"; }));
        }),
        AllOf(Refuses(KeyFault::wrong_passphrase, ""), Of(at("keys/targets.key"))));
    const auto open =
        SigningKey::load(at("keys/targets.key"), [&](const auto&) { return options.passphrase; });
    EXPECT_EQ(open.public_hex(), key_hex("keys/targets.key"));
}

}  // namespace
}  // namespace riverlight::test
