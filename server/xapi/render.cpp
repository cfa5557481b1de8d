#include "server/xapi/render.hpp"

#include "spec/base/json.hpp"

#include <array>
#include <boost/json/monotonic_resource.hpp>

namespace leerspoor::server::xapi {

Renderer::Renderer(storage::RecordStore& store, storage::StoreId tenant, spec::Format format,
                   std::string_view accept_language)
    : store_(store), tenant_(tenant), format_(format), languages_(accept_language) {}

Result<void> Renderer::render(const storage::StoredStatement& stored, std::string& out) {
    if (format_ == spec::Format::exact) {
        out += stored.bytes;
        return {};
    }
    thread_local std::array<unsigned char, 32u << 10> buffer;
    boost::json::monotonic_resource memory(buffer.data(), buffer.size());
    auto statement = spec::parse_stored_json(stored.bytes, boost::json::storage_ptr(&memory));
    if (!statement || !statement->is_object()) {
        return Error{"store_damaged", "",
                     "The statement " + spec::to_string(stored.id) + " is not readable."};
    }
    auto& object = statement->get_object();
    if (format_ == spec::Format::ids) {
        spec::reduce_to_ids(object);
    } else if (format_ == spec::Format::canonical) {
        spec::make_canonical(object, languages_, [this](std::string_view id) { return definition_of(id); });
    }
    spec::write_json(object, out);
    return state_;
}

const boost::json::object* Renderer::definition_of(std::string_view activity_id) {
    auto known = definitions_.find(activity_id);
    if (known == definitions_.end()) {
        known = definitions_.emplace(std::string(activity_id), std::nullopt).first;
        const auto text = store_.activity_definition(tenant_, activity_id);
        if (!text) {
            state_ = text.error();
        } else if (*text) {
            auto parsed = spec::parse_stored_json(**text);
            if (parsed && parsed->is_object()) known->second = std::move(parsed->get_object());
        }
    }
    return known->second ? &*known->second : nullptr;
}

} // namespace leerspoor::server::xapi
