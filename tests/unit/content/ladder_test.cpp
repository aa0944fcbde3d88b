// The pictures of a localisation: how a manifest names them, and which of them is for which screen.
#include "content/segment/ladder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "tests/support/refusal.hpp"

namespace riverlight::content {
namespace {

using test::Refuses;
using testing::ElementsAre;

using Codecs = std::vector<std::string>;

struct Made {
    Manifest segment;
    Localisation words;
    /// Adds a picture; the first is the localisation's own.
    Made& with(const std::string& sha256, const std::string& codec, int height) {
        MediaFile file;
        file.sha256 = sha256;
        file.kind = "picture";
        file.codec = codec;
        file.width = height * 16 / 9;
        file.height = height;
        segment.files[sha256] = file;
        if (words.picture.empty())
            words.picture = sha256;
        else
            words.ladder.push_back(sha256);
        return *this;
    }
    [[nodiscard]] std::vector<std::string> order(int height, Codecs codecs) const {
        const PicturePreference wish{height, std::move(codecs)};
        return picture_order(segment, words, &wish);
    }
};

const Made four = Made()
                      .with("own", "h264", 720)
                      .with("540", "h264", 540)
                      .with("1080", "h264", 1080)
                      .with("1080-hevc", "hevc", 1080);

TEST(PictureOrder, TheTallestAllowedIsFirstThenTheLocalisationsOwn) {
    EXPECT_THAT(four.order(1080, {"hevc", "h264"}), ElementsAre("1080-hevc", "own", "1080", "540"));
    EXPECT_THAT(four.order(1080, {"h264"}), ElementsAre("1080", "own", "540", "1080-hevc"));
    EXPECT_THAT(four.order(720, {"h264"}), ElementsAre("own", "540", "1080", "1080-hevc"));
    EXPECT_THAT(four.order(719, {"h264", "hevc"}), ElementsAre("540", "own", "1080", "1080-hevc"));
    EXPECT_THAT(four.order(4320, {"h264", "hevc"}).front(), "1080");
    EXPECT_THAT(four.order(360, {"h264"}).front(), "own") << "what is nearest to the wish is still too large";
    EXPECT_THAT(four.order(720, {"hevc"}).front(), "own");
    EXPECT_THAT(picture_order(four.segment, four.words, nullptr),
                ElementsAre("own", "540", "1080", "1080-hevc"));
}

TEST(PictureOrder, ATallerPictureComesBeforeAPreferredCodec) {
    const auto made = Made().with("own", "h264", 720).with("540-hevc", "hevc", 540);
    EXPECT_THAT(made.order(1080, {"hevc", "h264"}), ElementsAre("own", "540-hevc"));
    EXPECT_THAT(made.order(1080, {"hevc"}), ElementsAre("540-hevc", "own"));
}

TEST(PictureOrder, AnOnlyPictureNeedsNoSize) {
    Made old;
    old.words.picture = "own";  // of a manifest that says nothing of its files
    old.segment.files["own"];
    EXPECT_THAT(old.order(1080, {"hevc"}), ElementsAre("own"));
}

TEST(PictureOrder, HoldsForAnyLadderAndPreference) {
    EXPECT_TRUE(rc::check("each picture once, and the first is what the contract says", [] {
        Made made;
        const int count = *rc::gen::inRange(1, 9);
        for (int i = 0; i < count; ++i)
            made.with("picture-" + std::to_string(i), *rc::gen::element<std::string>("h264", "hevc"),
                      *rc::gen::element(360, 540, 720, 1080, 2160));
        const auto codecs =
            *rc::gen::element(Codecs{"h264"}, Codecs{"hevc"}, Codecs{"h264", "hevc"}, Codecs{"hevc", "h264"});
        const int height = *rc::gen::inRange(144, 2400);
        const auto order = made.order(height, codecs);

        std::vector<std::string> all{made.words.picture};
        all.insert(all.end(), made.words.ladder.begin(), made.words.ladder.end());
        RC_ASSERT(std::is_permutation(order.begin(), order.end(), all.begin(), all.end()));

        const auto fits = [&](const std::string& sha256) {
            const auto& file = made.segment.files.at(sha256);
            return file.height <= height && std::count(codecs.begin(), codecs.end(), file.codec) > 0;
        };
        const auto& first = made.segment.files.at(order.front());
        for (const auto& sha256 : all) {
            if (!fits(sha256)) continue;
            const auto& other = made.segment.files.at(sha256);
            RC_ASSERT(fits(order.front()));
            RC_ASSERT(other.height <= first.height);
            if (other.height == first.height)
                RC_ASSERT(std::find(codecs.begin(), codecs.end(), first.codec) <=
                          std::find(codecs.begin(), codecs.end(), other.codec));
        }
        if (!fits(order.front())) RC_ASSERT(order.front() == made.words.picture);
        // RapidCheck looks at both sides of an `||` that it is handed.
        const bool near = order[0] == made.words.picture || order[1] == made.words.picture;
        RC_ASSERT(near);
    }));
}

const std::string a(64, 'a'), b(64, 'b'), c(64, 'c');

std::string manifest(const std::string& ladder,
                     const std::string& of_b = R"("codec":"hevc","width":1920,"height":1080)") {
    const auto file = [](const std::string& name, const std::string& kind, const std::string& facts) {
        return '"' + name + R"(":{"ext":"mp4","bytes":5,"kind":")" + kind + '"' + (facts.empty() ? "" : ",") +
               facts + '}';
    };
    return R"({"format":1,"id":"s","revision":1,"duration_ms":2000,"rating":"general","fallback_locale":"km","files":{)" +
           file(a, "picture", R"("codec":"h264","width":1280,"height":720)") + ',' +
           file(b, "picture", of_b) + ',' + file(c, "sound", "") +
           R"(},"locales":{"km":{"title":"T","picture":")" + a + '"' + ladder + "}}}";
}

std::optional<ReadError> refusal(const std::string& text) {
    return test::unread([&] { static_cast<void>(parse_manifest(text, "segment.json")); });
}

std::string named(const std::string& list) {
    return ",\"ladder\":[" + list + "]";
}

TEST(ManifestLadder, ReadsBack) {
    const auto read = parse_manifest(manifest(named('"' + b + '"')), "segment.json");
    EXPECT_THAT(read.locales.at("km").ladder, ElementsAre(b));
    const auto again = parse_manifest(write_manifest(read), "again");
    EXPECT_EQ(again.locales.at("km").ladder, read.locales.at("km").ladder);
    EXPECT_EQ(again.files.at(b).codec, "hevc");
    EXPECT_EQ(write_manifest(parse_manifest(manifest(""), "old")).find("ladder"), std::string::npos)
        << "boards that know no ladder read a segment without one";
}

TEST(ManifestLadder, RefusesInconsistentLadders) {
    const std::string at = "locales.km.ladder";
    EXPECT_FALSE(refusal(manifest(named(""))));
    EXPECT_THAT(refusal(manifest(named('"' + std::string(64, 'd') + '"'))),
                Refuses(ReadFault::unresolved, at));
    EXPECT_THAT(refusal(manifest(named('"' + c + '"'))), Refuses(ReadFault::unresolved, at)) << "a sound";
    EXPECT_THAT(refusal(manifest(named('"' + a + '"'))), Refuses(ReadFault::duplicate, at))
        << "its own picture";
    EXPECT_THAT(refusal(manifest(named('"' + b + "\",\"" + b + '"'))), Refuses(ReadFault::duplicate, at));
    EXPECT_THAT(refusal(manifest(named('"' + b + '"'), R"("codec":"hevc","width":1920)")),
                Refuses(ReadFault::missing, at + '.' + b + ".height"));
    EXPECT_THAT(refusal(manifest(named('"' + b + '"'), R"("width":1920,"height":1080)")),
                Refuses(ReadFault::missing, at + '.' + b + ".codec"));
    EXPECT_THAT(refusal(manifest(",\"ladder\":\"" + b + '"')), Refuses(ReadFault::wrong_type, at));
    std::string many;
    for (int i = 0; i < 17; ++i) many += (i ? ",\"" : "\"") + b + '"';
    EXPECT_THAT(refusal(manifest(named(many))), Refuses(ReadFault::too_large, at)) << "at most 16";
    EXPECT_THAT(refusal(manifest(",\"rungs\":[]")), Refuses(ReadFault::unknown, "locales.km.rungs"))
        << "what is not known is still refused";
}

}  // namespace
}  // namespace riverlight::content
