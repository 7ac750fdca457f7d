using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using VetCommunity.App.Operation;
using Xunit;

namespace VetCommunity.Tests.Operation;

public class KeepingBuffers
{
    static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public void A_buffer_is_used_again_until_all_are_let_go()
    {
        var buffers = new ServerBuffers();
        using var pool = buffers.Create();
        var first = pool.Rent();
        var memory = first.Memory;
        first.Dispose();

        Assert.Equal(1, buffers.Unused);
        var again = pool.Rent(100);
        Assert.Equal(memory, again.Memory);
        var other = pool.Rent();
        Assert.NotEqual(memory, other.Memory);
        Assert.Equal(0, buffers.Unused);
        other.Dispose();
        buffers.LetGo();
        Assert.Equal(0, buffers.Unused);
        // What was in use meanwhile comes back as ever.
        again.Dispose();
        Assert.Equal(1, buffers.Unused);
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Rent(pool.MaxBufferSize + 1));
    }

    [Fact]
    public void What_is_given_back_twice_is_lent_once()
    {
        using var pool = new ServerBuffers().Create();
        var one = pool.Rent();
        one.Dispose();
        one.Dispose();

        Assert.NotEqual(pool.Rent().Memory, pool.Rent().Memory);
    }

    [Fact]
    public void Half_of_what_nobody_used_in_four_looks_goes()
    {
        var buffers = new ServerBuffers();
        var pool = buffers.Create();
        foreach (var one in Enumerable.Range(0, 8).Select(_ => pool.Rent()).ToList())
            one.Dispose();
        for (var look = 0; look < 4; look++)
        {
            buffers.Shrink();
            Assert.Equal(8, buffers.Unused);
        }
        buffers.Shrink();
        Assert.Equal(4, buffers.Unused);
        // All but one are used until the next look.
        foreach (var one in Enumerable.Range(0, 3).Select(_ => pool.Rent()).ToList())
            one.Dispose();
        for (var look = 0; look < 4; look++)
        {
            buffers.Shrink();
            Assert.Equal(4, buffers.Unused);
        }
        buffers.Shrink();
        Assert.Equal(2, buffers.Unused);

        var late = pool.Rent();
        pool.Dispose();
        late.Dispose();
        Assert.Equal(0, buffers.Unused);
    }

    [Fact]
    public async Task The_web_server_takes_them()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var asked = new Asked();
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>>(asked);
        await using var app = builder.Build();
        app.MapGet("/", () => Results.Bytes(new byte[100_000]));
        await app.StartAsync(Cancel);
        using (var client = new HttpClient())
            Assert.Equal(100_000, (await client.GetByteArrayAsync(app.Urls.Single(), Cancel)).Length);

        Assert.NotEmpty(asked.Pools);
    }

    sealed class Asked : IMemoryPoolFactory<byte>
    {
        readonly ServerBuffers _buffers = new();

        public ConcurrentBag<MemoryPool<byte>> Pools { get; } = [];

        public MemoryPool<byte> Create(MemoryPoolOptions? options = null)
        {
            var pool = _buffers.Create(options);
            Pools.Add(pool);
            return pool;
        }
    }
}
