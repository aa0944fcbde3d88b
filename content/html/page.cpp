#include "content/html/page.hpp"

#include <array>

#include "content/base/crypto.hpp"
#include "content/html/assets.hpp"

namespace riverlight::html {
namespace {

std::string hash_of(std::string_view bytes) {
    return sha256_hex(bytes).substr(0, 16);
}

Url style_url() {
    return Url("/style.{}.css", hash_of(style_css));
}
Url script_url() {
    return Url("/live.{}.js", hash_of(live_js));
}
Url icon_url() {
    return Url("/icon.{}.svg", hash_of(icon_svg));
}

Html skip_link() {
    return Html("<a class=\"skip\" href=\"{}\">Skip to content</a>", Url::fragment("main"));
}

Html main_part(const Page& page) {
    if (!page.refresh) return Html("<main id=\"main\">{}</main>", page.content);
    return Html(
        "<main id=\"main\" data-every=\"{}\"><p id=\"lost\" class=\"bad\" role=\"status\" "
        "hidden>{}</p>{}</main>",
        page.refresh->every.count(), page.refresh->lost, page.content);
}

Html document(const Page& page, const Html& head, const Html& logo) {
    return Html(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width,initial-scale=1\"><title>{}</title>{}</head><body>{}<header><div>{}{}"
        "</div></header>{}</body></html>\n",
        page.title, head, skip_link(), logo, page.header, main_part(page));
}

}  // namespace

/// The style sheet as an element. It is trusted: it was embedded at build time.
Html inlined_style() {
    Html style;
    style.markup_ = "<style>" + std::string(style_css) + "</style>";
    return style;
}

Html served_page(const Page& page) {
    auto head =
        Html("<link rel=\"icon\" href=\"{}\"><link rel=\"stylesheet\" href=\"{}\">", icon_url(), style_url());
    if (page.refresh) head += Html("<script src=\"{}\" defer></script>", script_url());
    return document(page, head, Html("<a class=\"logo\" href=\"{}\">{}</a>", Url("/"), page.name));
}

Html standalone_page(const Page& page) {
    auto still = page;
    still.refresh.reset();
    const auto policy =
        "default-src 'none'; img-src data:; style-src 'sha256-" + to_base64(sha256_raw(style_css)) + "'";
    return document(
        still,
        Html("<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">{}", policy, inlined_style()),
        Html("<span class=\"logo\">{}</span>", page.name));
}

std::span<const File> files() {
    static const std::array<File, 3> all{File{style_url().text(), "text/css; charset=utf-8", style_css},
                                         File{script_url().text(), "text/javascript; charset=utf-8", live_js},
                                         File{icon_url().text(), "image/svg+xml", icon_svg}};
    return all;
}

const File* file_at(std::string_view path) {
    for (const auto& file : files())
        if (file.path == path) return &file;
    return nullptr;
}

}  // namespace riverlight::html
