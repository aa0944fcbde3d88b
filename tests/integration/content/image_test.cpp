// Updates of boards' systems: from the source through the channel to a board's store, by line and by stick.
#include <gmock/gmock.h>

#include "content/base/file_pair.hpp"
#include "content/carry/carry_out.hpp"
#include "content/carry/stick.hpp"
#include "content/sync/system_image.hpp"
#include "tests/integration/content/channel_fixture.hpp"
#include "tests/integration/content/tree_server.hpp"
#include "tests/support/repository.hpp"
#include "tests/support/update_bundle.hpp"
#include "tools/publisher/images.hpp"

namespace riverlight::test {
namespace {

using content::ImageFault;
using content::SystemVersion;
using content::Wave;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string kind = "riverlight-amd64-uefi";

/// A channel that also has a version of boards' systems.
class Images : public Channel {
  protected:
    void SetUp() override {
        Channel::SetUp();
        bundle_ = make_bundle(kind, "0.2.0", random_hex(1U << 20));
        write("update.raucb", bundle_);
        static_cast<void>(publisher::add_image(at("source"), at("update.raucb"), {.share = 100}));
        static_cast<void>(publish());
    }

    /// A board that takes the newest wave for it, whatever its version.
    [[nodiscard]] content::SyncOptions board_options(const std::string& of_kind = kind) const {
        auto o = options();
        o.image = content::SystemImageRequest{
            of_kind,
            [](const content::Waves& waves) -> std::optional<Wave> {
                for (auto wave = waves.waves.rbegin(); wave != waves.waves.rend(); ++wave)
                    if (wave->hold.empty() && content::is_in_wave(*wave, {"kh-1", {}})) return *wave;
                return {};
            },
            [](const Wave& wave) { return !wave.hold.empty(); }};
        return o;
    }
    content::SyncResult visit(const content::SyncOptions& o) { return content::sync_channel(o, now_, {}); }
    content::SyncResult visit() { return visit(board_options()); }
    [[nodiscard]] content::StoreLayout layout() const { return {at("store")}; }
    [[nodiscard]] std::optional<content::KeptWaves> kept() const {
        return content::read_kept_waves(layout(), kind);
    }
    /// Names of whole and begun bundles in the store.
    [[nodiscard]] std::vector<std::string> bundles() const {
        std::vector<std::string> names;
        std::error_code ec;
        for (const auto& entry : fs::directory_iterator(at("store/images"), ec))
            if (entry.path().extension() != ".json") names.push_back(entry.path().filename());
        return names;
    }
    [[nodiscard]] std::string bundle_name() const { return sha256_hex(bundle_) + ".raucb"; }
    [[nodiscard]] bool plays() const { return load().has_value() && held("the picture of one"); }

    std::string bundle_;
};

TEST_F(Images, a_bundle_comes_over_http_once_and_whole) {
    const TreeServer server(at("tree"));
    auto o = board_options();
    o.channel_url = server.url();
    const auto result = visit(o);
    EXPECT_FALSE(result.image.trouble);
    EXPECT_TRUE(plays());
    ASSERT_THAT(bundles(), ElementsAre(bundle_name()));
    EXPECT_EQ(read_file(at("store/images/" + bundle_name()), 4U << 20), bundle_);
    ASSERT_TRUE(kept());
    EXPECT_THAT(kept()->waves.waves, SizeIs(1));
    EXPECT_EQ(kept()->waves.waves.front().version.text(), "0.2.0");
    EXPECT_THAT(server.asked("images/"), SizeIs(2));
    EXPECT_FALSE(visit(o).image.trouble);
    EXPECT_THAT(server.asked("images/"), SizeIs(2)) << "both are here already";
    EXPECT_EQ(verify().targets, 8U);
}

TEST_F(Images, a_board_without_an_image_takes_none) {
    auto o = options();
    EXPECT_FALSE(visit(o).image.trouble);
    EXPECT_TRUE(plays());
    EXPECT_FALSE(fs::exists(at("store/images")));
}

TEST_F(Images, a_board_of_another_kind_takes_none) {
    EXPECT_FALSE(visit(board_options("riverlight-arm64-pi4")).image.trouble);
    EXPECT_TRUE(plays());
    EXPECT_THAT(bundles(), IsEmpty());
    EXPECT_FALSE(kept());
}

TEST_F(Images, a_hold_counts_though_media_have_no_room) {
    static_cast<void>(visit());
    ASSERT_THAT(bundles(), SizeIs(1));
    static_cast<void>(publisher::hold_image(at("source"), kind, "0.2.0", "screens stay dark"));
    publish_segments({{"large", std::string(3U << 20, 'x')}});
    auto o = board_options();
    o.quota = 1U << 20;
    EXPECT_THROW(static_cast<void>(visit(o)), content::NoRoom);
    ASSERT_TRUE(kept());
    EXPECT_EQ(kept()->waves.waves.front().hold, "screens stay dark");
    EXPECT_TRUE(plays());
    static_cast<void>(publisher::hold_image(at("source"), kind, "0.2.0", ""));
    static_cast<void>(publish());
    static_cast<void>(visit());
    EXPECT_EQ(kept()->waves.waves.front().hold, "");
    EXPECT_THAT(bundles(), ElementsAre(bundle_name()));
}

TEST_F(Images, a_bundle_of_a_held_wave_stays_and_of_a_removed_one_goes) {
    static_cast<void>(visit());
    static_cast<void>(publisher::hold_image(at("source"), "", "0.2.0", "wait"));
    static_cast<void>(publish());
    static_cast<void>(visit());
    EXPECT_THAT(bundles(), ElementsAre(bundle_name()));
    static_cast<void>(publisher::remove_image(at("source"), "", "0.2.0"));
    static_cast<void>(publish());
    static_cast<void>(visit());
    EXPECT_THAT(bundles(), IsEmpty());
    ASSERT_TRUE(kept());
    EXPECT_THAT(kept()->waves.waves, IsEmpty());
}

TEST_F(Images, media_take_the_room_of_a_bundle) {
    static_cast<void>(visit());
    ASSERT_THAT(bundles(), SizeIs(1));
    publish_segments({{"second", "the second picture"}});
    auto o = board_options();
    o.quota = 10;  // the second picture does not fit, whatever is removed
    EXPECT_THROW(static_cast<void>(visit(o)), content::NoRoom);
    EXPECT_THAT(bundles(), IsEmpty());
    EXPECT_TRUE(plays());
}

TEST_F(Images, a_bundle_that_does_not_fit_is_not_begun) {
    auto o = board_options();
    o.quota = content::image_reserve / 2;
    const auto result = visit(o);
    ASSERT_TRUE(result.image.trouble);
    EXPECT_EQ(result.image.trouble->kind, ImageFault::no_room);
    EXPECT_TRUE(plays());
    EXPECT_THAT(bundles(), IsEmpty());
    EXPECT_TRUE(kept()) << "what is offered is known all the same";
}

TEST_F(Images, a_bundle_waits_for_its_window_and_goes_on_where_it_was) {
    auto o = board_options();
    bool open = false;
    o.bandwidth_limit = [&] { return content::BandwidthLimit{open, 0}; };
    static_cast<void>(sync());  // the programme's own media are not held up
    const auto closed = visit(o);
    EXPECT_EQ(closed.image.left.files, 1U);
    EXPECT_EQ(closed.image.left.bytes, bundle_.size());
    EXPECT_EQ(closed.deferred.files, 0U);
    EXPECT_TRUE(plays());
    open = true;
    EXPECT_EQ(visit(o).image.left.files, 0U);
    EXPECT_THAT(bundles(), ElementsAre(bundle_name()));
}

TEST_F(Images, other_bytes_than_the_signed_ones_are_not_kept) {
    const auto tree = at("tree/targets/images/" + kind + '/' + sha256_hex(bundle_) + '.' + bundle_name());
    ASSERT_TRUE(fs::exists(tree));
    for (const std::size_t bit : {std::size_t{0}, bundle_.size() * 4, bundle_.size() * 8 - 1}) {
        auto bent = bundle_;
        bent[bit / 8] = static_cast<char>(bent[bit / 8] ^ (1 << bit % 8));
        std::ofstream(tree, std::ios::binary) << bent;
        const auto result = visit();
        ASSERT_TRUE(result.image.trouble) << bit;
        EXPECT_EQ(result.image.trouble->kind, ImageFault::unusable) << bit;
        EXPECT_THAT(bundles(), IsEmpty()) << bit;
        EXPECT_TRUE(plays());
    }
}

TEST_F(Images, a_source_without_the_bundle_is_no_bad_source) {
    fs::remove_all(at("tree/targets/images"));
    fs::create_directories(at("tree/targets/images"));
    auto o = board_options();
    o.mirror_health = std::make_shared<content::MirrorHealth>();
    const auto first = visit(o);
    ASSERT_TRUE(first.image.trouble);
    EXPECT_EQ(first.image.trouble->kind, ImageFault::unreachable);
    EXPECT_TRUE(plays());
    EXPECT_THAT(o.mirror_health->suspended(), IsEmpty());
}

TEST_F(Images, a_stick_carries_a_bundle_if_it_is_asked_to) {
    fs::create_directories(at("stick"));
    content::CarryOptions carry;
    carry.channel = at("tree");
    carry.stick = at("stick");
    carry.places = {"kh-1"};
    static_cast<void>(content::carry_out(carry, now_, {}));
    auto o = board_options();
    o.channel_url = content::url_of_folder(at("stick/riverlight"));
    const auto without = visit(o);
    ASSERT_TRUE(without.image.trouble);
    EXPECT_EQ(without.image.trouble->kind, ImageFault::unreachable);
    EXPECT_TRUE(kept()) << "holds travel with every stick";
    EXPECT_TRUE(plays());
    carry.images = true;
    static_cast<void>(content::carry_out(carry, now_, {}));
    EXPECT_FALSE(visit(o).image.trouble);
    EXPECT_THAT(bundles(), ElementsAre(bundle_name()));
}

TEST_F(Images, a_stick_does_not_carry_a_held_bundle) {
    static_cast<void>(publisher::hold_image(at("source"), kind, "0.2.0", "wait"));
    static_cast<void>(publish());
    fs::create_directories(at("stick"));
    content::CarryOptions carry;
    carry.channel = at("tree");
    carry.stick = at("stick");
    carry.images = true;
    static_cast<void>(content::carry_out(carry, now_, {}));
    for (const auto& entry : fs::recursive_directory_iterator(at("stick")))
        EXPECT_NE(entry.path().extension(), ".raucb") << entry.path();
}

TEST_F(Images, a_stick_that_is_pulled_leaves_what_was_there) {
    fs::create_directories(at("stick"));
    content::CarryOptions carry;
    carry.channel = at("tree");
    carry.stick = at("stick");
    carry.images = true;
    static_cast<void>(content::carry_out(carry, now_, {}));
    auto o = board_options();
    o.channel_url = content::url_of_folder(at("stick/riverlight"));
    // As the bundle begins, the stick is gone.
    content::SyncResult result;
    bool pulled = false;
    result = content::sync_channel(o, now_, [&](const std::string& what, std::uint64_t, std::uint64_t) {
        if (what.find(".raucb") == what.npos || pulled) return;
        pulled = true;
        fs::resize_file(
            at("stick/riverlight/targets/images/" + kind + '/' + sha256_hex(bundle_) + '.' + bundle_name()),
            100);
    });
    EXPECT_TRUE(pulled);
    EXPECT_TRUE(plays());
    if (result.image.trouble) {
        EXPECT_THAT(bundles(), testing::Not(testing::Contains(bundle_name())));
    }
    o.channel_url = "file://" + at("tree");
    EXPECT_FALSE(visit(o).image.trouble) << "it goes on from the channel";
    EXPECT_EQ(read_file(at("store/images/" + bundle_name()), 4U << 20), bundle_);
}

TEST_F(Images, expired_metadata_bring_nothing) {
    static_cast<void>(visit());
    const auto before = kept()->signed_until;
    EXPECT_THROW(static_cast<void>(content::sync_channel(board_options(), now_ + std::chrono::days(400), {})),
                 content::Expired);
    EXPECT_EQ(kept()->signed_until, before);
    EXPECT_LT(before, now_ + std::chrono::days(400)) << "by which the board knows not to begin";
}

TEST_F(Images, damage_on_the_disk_is_no_document) {
    static_cast<void>(visit());
    for (const auto* name : {"store/images/waves.json", "store/images/waves.copy.json"}) write(name, "{}");
    EXPECT_FALSE(kept());
    EXPECT_FALSE(visit().image.trouble);
    EXPECT_TRUE(kept());
}

/// Why the source cannot be published; none if it can.
class ImageSource : public Images {
  protected:
    static std::optional<ReadError> refusal_of(const std::function<void()>& act) { return unread(act); }
};

TEST_F(ImageSource, a_wave_names_places_and_tags_of_the_channel) {
    static_cast<void>(
        publisher::stage_image(at("source"), kind, "0.2.0", {.places = std::vector<std::string>{"kh-2"}}));
    EXPECT_THAT(refusal_of([&] { static_cast<void>(publish()); }),
                AllOf(Refuses(ReadFault::unresolved, "0.2.0.places"), Means("kh-1")));
    static_cast<void>(publisher::stage_image(
        at("source"), kind, "0.2.0",
        {.places = std::vector<std::string>{"kh-1"}, .tags = std::vector<std::string>{"pilot"}}));
    EXPECT_THAT(refusal_of([&] { static_cast<void>(publish()); }),
                Refuses(ReadFault::unresolved, "0.2.0.tags"));
}

TEST_F(ImageSource, commands_name_versions_that_are_there) {
    EXPECT_THAT(
        refusal_of([&] { static_cast<void>(publisher::hold_image(at("source"), kind, "0.2.1", "x")); }),
        AllOf(Refuses(ReadFault::unresolved, ""), Means("0.2.0")));
    EXPECT_THAT(
        refusal_of([&] {
            static_cast<void>(publisher::hold_image(at("source"), "riverlight-amd64-uef", "0.2.0", "x"));
        }),
        AllOf(Refuses(ReadFault::unresolved, ""), Means(kind)));
    EXPECT_THAT(
        refusal_of([&] { static_cast<void>(publisher::add_image(at("source"), at("update.raucb"), {})); }),
        Refuses(ReadFault::duplicate, ""));
    write("other.raucb", make_bundle(kind, "0.2.0", "other"));
    EXPECT_THAT(
        refusal_of([&] { static_cast<void>(publisher::add_image(at("source"), at("other.raucb"), {})); }),
        Refuses(ReadFault::duplicate, ""));
    EXPECT_THAT(
        refusal_of([&] { static_cast<void>(publisher::add_image(at("sauce"), at("other.raucb"), {})); }),
        Refuses(ReadFault::missing, ""));
    EXPECT_FALSE(fs::exists(at("sauce")));
    EXPECT_THAT(test::unread([&] { static_cast<void>(publisher::list_images(at("nowhere"))); }),
                Refuses(ReadFault::missing, ""));
    EXPECT_THAT(publisher::list_images(at("source")), ElementsAre(HasSubstr("0.2.0")));
}

TEST_F(ImageSource, a_bundle_that_changed_is_not_published) {
    const auto path = publisher::bundle_path(at("source"), kind, sha256_hex(bundle_));
    auto bent = bundle_;
    bent[10] = 'x';
    std::ofstream(path, std::ios::binary) << bent;
    fs::remove_all(at("tree"));
    fs::remove_all(at("keys"));
    init(at("keys"), at("tree"));
    EXPECT_THROW(static_cast<void>(publish()), Error);
    fs::resize_file(path, 10);
    EXPECT_THAT(refusal_of([&] { static_cast<void>(publish()); }), Refuses(ReadFault::malformed, ""));
    fs::remove(path);
    EXPECT_THAT(refusal_of([&] { static_cast<void>(publish()); }), Refuses(ReadFault::missing, ""));
}

}  // namespace
}  // namespace riverlight::test
