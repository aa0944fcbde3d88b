// A channel by stick: the numbered cases 82 to 87, and what a carrier of sticks relies on.
#include <sys/stat.h>

#include "content/carry/carry_out.hpp"
#include "content/carry/stick.hpp"
#include "content/store/scrub.hpp"
#include "tests/integration/content/channel_fixture.hpp"

namespace riverlight::test {
namespace {

using content::StickFault;
using ::testing::IsEmpty;

class Carried : public Channel {
  protected:
    void SetUp() override {
        Channel::SetUp();
        static_cast<void>(publish());
        fs::create_directories(root_ / "stick");
        fs::copy(at("tree/metadata/1.root.json"), at("root.json"));  // handed out with the board
    }
    [[nodiscard]] content::CarryOptions carry_options() const {
        content::CarryOptions o;
        o.channel = at("tree");
        o.stick = at("stick");
        o.places = {"kh-1"};
        return o;
    }
    content::CarryReport carry() { return content::carry_out(carry_options(), now_, {}); }
    /// A board's visit to the stick.
    content::SyncResult import_stick() {
        auto o = options();
        o.channel_url = content::url_of_folder(at("stick/riverlight"));
        o.trusted_root = at("root.json");
        return content::sync_channel(o, now_, {});
    }
    void publish_second() {
        add_segment("second", "the second picture");
        write("source/schedules/mekong.toml", schedule("second"));
        write("source/countries/kh/clearances.toml",
              "format = 1\ncountry = \"KH\"\n[[clearances]]\nsegment = \"second\"\nrevision = "
              "1\nlocales = [\"km\"]\n");
        static_cast<void>(publish());
    }
    [[nodiscard]] std::string on_stick(const std::string& part) const {
        for (const auto& entry : fs::recursive_directory_iterator(root_ / "stick"))
            if (entry.is_regular_file() && entry.path().string().find(part) != std::string::npos)
                return entry.path().string();
        throw Error("no " + part);
    }
};

TEST_F(Carried, AStickCarriesAReleaseToABoardWithoutANetwork) {
    const auto report = carry();
    EXPECT_EQ(report.places, 1U);
    EXPECT_EQ(report.copied, report.files);
    EXPECT_EQ(carry().copied, 0U) << "the second carry out copies nothing";
    fs::rename(root_ / "tree", root_ / "gone");
    EXPECT_TRUE(import_stick().changed);
    EXPECT_EQ(load()->catalogue.segments.count("false-promise"), 1U);
    EXPECT_THAT(load()->missing, IsEmpty());
    EXPECT_FALSE(import_stick().changed);
}

TEST_F(Carried, CopiesOnlyTheMediaOfThePlaces) {
    add_segment("elsewhere", "a picture that this place never shows");
    static_cast<void>(publish());
    static_cast<void>(carry());
    EXPECT_THROW(static_cast<void>(on_stick(sha256_hex("a picture that this place never shows"))), Error);
    auto all = carry_options();
    all.places.clear();
    static_cast<void>(content::carry_out(all, now_, {}));
    EXPECT_NO_THROW(static_cast<void>(on_stick(sha256_hex("a picture that this place never shows"))));
    auto unknown = carry_options();
    unknown.places = {"kh-2"};
    EXPECT_THAT(unread([&] { content::carry_out(unknown, now_, {}); }),
                Refuses(ReadFault::unresolved, "places.kh-2"));
}

TEST_F(Carried, RemovesUnusedFilesLast) {
    static_cast<void>(carry());
    publish_second();
    const auto report = carry();
    EXPECT_GT(report.removed, 0U);
    EXPECT_THROW(static_cast<void>(on_stick(sha256_hex("the picture of one"))), Error);
    EXPECT_TRUE(import_stick().changed);
    EXPECT_TRUE(fs::is_empty(root_ / "stick/riverlight/staging"));
}

TEST_F(Carried, TheNextCarryOutRepairsADamagedStick) {
    static_cast<void>(carry());
    const auto media = on_stick(sha256_hex("the picture of one"));
    std::ofstream(media, std::ios::binary) << "the pictURE of one";
    EXPECT_THAT(refused<FetchFault>([&] { static_cast<void>(import_stick()); }),
                Refuses(FetchFault::bytes, ""));
    EXPECT_EQ(carry().copied, 1U);
    EXPECT_TRUE(import_stick().changed);
}

TEST_F(Carried, case_82_names_cycles_and_crowds_are_not_looked_at) {
    static_cast<void>(carry());
    for (int n = 0; n < 2000; ++n) write("stick/riverlight/targets/x" + std::to_string(n) + ".json", "{");
    fs::create_directory_symlink(at("stick"), at("stick/riverlight/targets/again"));
    write("stick/riverlight/metadata/99.kh.json", "{}");
    write("stick/riverlight/targets/a\nb\xff", "x");
    EXPECT_TRUE(import_stick().changed) << "only named hashes are read";
    // A link in place of a file is not followed, whatever its target.
    static_cast<void>(fs::remove_all(root_ / "store"));
    const auto media = on_stick(sha256_hex("the picture of one"));
    fs::rename(media, at("outside"));
    fs::create_symlink(at("outside"), media);
    EXPECT_THAT(unread([&] { static_cast<void>(import_stick()); }), Refuses(ReadFault::wrong_type, ""));
    fs::remove(media);
    ASSERT_EQ(::mkfifo(media.c_str(), 0600), 0);
    EXPECT_THAT(unread([&] { static_cast<void>(import_stick()); }), Refuses(ReadFault::wrong_type, ""));
    const auto folder = fs::path(media).parent_path();
    fs::remove_all(folder);
    fs::create_directory_symlink(at("tree/targets/media"), folder);
    EXPECT_THROW(static_cast<void>(import_stick()), Error) << "nor a folder that is a link";
    EXPECT_FALSE(load());
}

TEST_F(Carried, case_74_NothingIsWrittenThroughLinks) {
    for (const auto* linked : {"riverlight", "riverlight/metadata", "riverlight/targets",
                               "riverlight/staging", "riverlight/metadata/timestamp.json"}) {
        fs::remove_all(root_ / "stick");
        fs::remove_all(root_ / "elsewhere");
        fs::create_directories((root_ / "stick" / linked).parent_path());
        fs::create_directories(root_ / "elsewhere");
        fs::create_symlink(root_ / "elsewhere", root_ / "stick" / linked);
        EXPECT_THAT(refused<StickFault>([&] { static_cast<void>(carry()); }), Refuses(StickFault::a_link, ""))
            << linked;
        EXPECT_TRUE(fs::is_empty(root_ / "elsewhere")) << linked;
    }
}

TEST_F(Carried, case_83_archives_are_not_taken) {
    write("stick.zip", "PK\x03\x04");
    EXPECT_THAT(refused<StickFault>([&] { content::require_stick(at("stick.zip")); }),
                AllOf(Refuses(StickFault::a_file, ""), Of(at("stick.zip"))));
    auto o = carry_options();
    o.stick = at("stick.zip");
    EXPECT_THAT(refused<StickFault>([&] { content::carry_out(o, now_, {}); }),
                Refuses(StickFault::a_file, ""));
    o.stick = at("nowhere");
    EXPECT_THAT(refused<StickFault>([&] { content::carry_out(o, now_, {}); }),
                Refuses(StickFault::absent, ""));
    EXPECT_FALSE(fs::exists(at("nowhere")));
}

TEST_F(Carried, case_85_bytes_that_change_while_they_are_read_are_not_taken) {
    static_cast<void>(carry());
    const auto media = on_stick(sha256_hex("the picture of one"));
    auto o = options();
    o.channel_url = content::url_of_folder(at("stick/riverlight"));
    bool swapped = false;
    // The stick changes after its bytes were verified and before they are copied.
    static_cast<void>(content::sync_channel(o, now_, [&](const std::string&, std::uint64_t, std::uint64_t) {
        if (!std::exchange(swapped, true)) std::ofstream(media, std::ios::binary) << "THE PICTURE OF ONE";
    }));
    EXPECT_TRUE(swapped);
    EXPECT_EQ(read_file(at("store/media/" + sha256_hex("the picture of one") + ".mp4"), 100),
              "the picture of one")
        << "the store has the verified bytes";
}

TEST_F(Carried, case_86_an_old_signed_set_is_a_rollback) {
    static_cast<void>(carry());
    fs::copy(at("stick"), at("old"), fs::copy_options::recursive);
    publish_second();
    static_cast<void>(carry());
    static_cast<void>(import_stick());
    const auto release = load()->release;
    auto o = options();
    o.channel_url = content::url_of_folder(at("old/riverlight"));
    EXPECT_THROW(static_cast<void>(content::sync_channel(o, now_, {})), content::Rollback);
    EXPECT_EQ(load()->release, release);
}

TEST_F(Carried, case_87_a_stick_that_lies_about_its_size_is_found_out_and_keeps_its_old_release) {
    static_cast<void>(carry());
    const auto before = read_file(at("stick/riverlight/metadata/timestamp.json"), 1U << 16);
    publish_second();
    auto o = carry_options();
    const auto lost = sha256_hex("the second picture");
    o.read_back = [&](const std::string& path) {
        return path.find(lost) == std::string::npos ? content::hash_on_disk(path)
                                                    : sha256_hex(std::string(18, '\0'));
    };
    EXPECT_THAT(refused<StickFault>([&] { content::carry_out(o, now_, {}); }),
                Refuses(StickFault::unreliable, ""));
    EXPECT_EQ(read_file(at("stick/riverlight/metadata/timestamp.json"), 1U << 16), before);
    EXPECT_TRUE(import_stick().changed) << "the old release is complete";
    EXPECT_EQ(load()->catalogue.segments.count("second"), 0U);
}

}  // namespace
}  // namespace riverlight::test
