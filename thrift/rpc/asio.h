#pragma once

// Boost.Asio 1.74 as this floor uses it. It needs <utility> before it with gcc 12, and has to be
// told that clang with libstdc++ has coroutines.
#include <utility>

#if defined(__clang__)
#define BOOST_ASIO_HAS_CO_AWAIT 1
#define BOOST_ASIO_HAS_STD_COROUTINE 1
#endif
#include <boost/asio.hpp>

namespace referrald::rpc {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;
// Any stream: the front does not care which kind it talks over.
using Socket = asio::generic::stream_protocol::socket;

// `co_await socket.async_...(Into(error))`: an awaitable that stores its failure and does not
// throw.
inline auto Into(ErrorCode& error) { return asio::redirect_error(asio::use_awaitable, error); }

}  // namespace referrald::rpc
