#include "content/http/target.hpp"

#include <algorithm>

#include "content/http/server.hpp"

namespace riverlight::http {

std::optional<Target> parse_target(std::string_view text) {
    Target target;
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!text.starts_with(scheme)) continue;
        text.remove_prefix(scheme.size());
        const auto end = std::min(text.find_first_of("/?"), text.size());
        target.host = text.substr(0, end);
        text.remove_prefix(end);
        if (target.host.empty() || target.host.find('@') != std::string::npos) return {};
        if (text.empty()) text = "/";
    }
    const bool has_host = !target.host.empty();
    if (!text.starts_with('/') && !(has_host && text.starts_with('?'))) return {};
    const auto question = std::min(text.find('?'), text.size());
    target.path = question == 0 ? "/" : percent_decoded(text.substr(0, question));
    if (question < text.size()) target.query = decode_form(text.substr(question + 1));
    return target;
}

}  // namespace riverlight::http
