// What a manifest says of interpreters and of renditions with them.
#include "content/segment/manifest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/refusal.hpp"

namespace riverlight::content {
namespace {

using test::Refuses;
using testing::Pair;
using testing::UnorderedElementsAre;

const std::string picture(64, 'a'), sign(64, 'b'), plain(64, 'c'), with_sign(64, 'd');

std::string manifest_with(const std::string& localisation) {
    const auto file = [](const std::string& sha, const std::string& kind, const std::string& more = "") {
        return '"' + sha + R"(":{"ext":"mp4","bytes":9,"kind":")" + kind + '"' + more + '}';
    };
    const auto rendition = R"(,"profile":"720p25","parameters":")" + std::string(64, 'e') + '"';
    return R"({"format":1,"id":"spot","revision":1,"duration_ms":4000,"rating":"general","topics":[],)"
           R"("fallback_locale":"th","files":{)" +
           file(picture, "picture") + ',' + file(sign, "sign") + ',' + file(plain, "rendition", rendition) +
           ',' + file(with_sign, "rendition", rendition) + R"(},"locales":{"th":{"title":"T","picture":")" +
           picture + '"' + localisation + "}}}";
}

std::optional<ReadError> refusal(const std::string& localisation) {
    return test::unread(
        [&] { static_cast<void>(parse_manifest(manifest_with(localisation), "segment.json")); });
}

TEST(Manifest, ReadsBackInterpretersAndTheirRenditions) {
    auto manifest =
        parse_manifest(manifest_with(R"(,"signs":{"tsq":")" + sign + R"("},"renditions":{"720p25":")" +
                                     plain + R"(","720p25+tsq":")" + with_sign + R"("})"),
                       "segment.json");
    for (int i = 0; i < 2; ++i) {
        const auto& words = manifest.locales.at("th");
        EXPECT_THAT(words.signs, UnorderedElementsAre(Pair("tsq", sign)));
        EXPECT_THAT(words.renditions, UnorderedElementsAre(Pair(rendition_key("720p25", ""), plain),
                                                           Pair(rendition_key("720p25", "tsq"), with_sign)));
        manifest = parse_manifest(write_manifest(manifest), "again");
    }
}

TEST(Manifest, RefusesAFileThatIsNotAnInterpreter) {
    EXPECT_FALSE(refusal(R"(,"signs":{"tsq":")" + sign + R"("})"));
    EXPECT_THAT(refusal(R"(,"signs":{"tsq":")" + picture + R"("})"),
                Refuses(ReadFault::unresolved, "locales.th.signs.tsq"));
    EXPECT_THAT(refusal(R"(,"signs":{"Thai Sign":")" + sign + R"("})"),
                Refuses(ReadFault::unresolved, "locales.th.signs.Thai Sign"));
    EXPECT_THAT(refusal(R"(,"signs":{"tsq":7})"), Refuses(ReadFault::unresolved, "locales.th.signs.tsq"));
    EXPECT_THAT(refusal(R"(,"signs":["tsq"])"), Refuses(ReadFault::wrong_type, "locales.th.signs"));
    const auto rendition = [](const std::string& key) {
        return R"(,"renditions":{")" + key + R"(":")" + with_sign + R"("})";
    };
    EXPECT_THAT(refusal(rendition("720p25+tsq")),
                Refuses(ReadFault::unresolved, "locales.th.renditions.720p25+tsq"))
        << "an interpreter it has not";
    const auto signs = R"(,"signs":{"tsq":")" + sign + R"("})";
    EXPECT_FALSE(refusal(signs + rendition("720p25+tsq")));
    for (const auto* key : {"720p25+", "720p25+csl", "720p50+tsq", "+tsq"})
        EXPECT_THAT(refusal(signs + rendition(key)),
                    Refuses(ReadFault::unresolved, std::string("locales.th.renditions.") + key));
}

}  // namespace
}  // namespace riverlight::content
