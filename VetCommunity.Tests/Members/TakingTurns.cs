using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;
using VetCommunity.App.Limiting;
using VetCommunity.App.Members;
using Xunit;

namespace VetCommunity.Tests.Members;

public sealed class TakingTurns
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Passwords_are_hashed_on_half_of_the_processors()
    {
        using HashingTurns turns = new();
        // Each from another place: it is all of them together.
        var all = Enumerable.Range(0, HashingTurns.AtOnce + 2).Select(number => turns.TakeAsync(Place(number), Cancel).AsTask()).ToList();
        Assert.All(all.Take(HashingTurns.AtOnce), one => Assert.True(one.IsCompletedSuccessfully));
        Assert.All(all.Skip(HashingTurns.AtOnce), one => Assert.False(one.IsCompleted));

        foreach (var one in all)
            (await one).Dispose();
    }

    [Fact]
    public async Task Whoever_tries_many_in_one_place_waits_for_themselves()
    {
        using HashingTurns turns = new();
        var tried = Enumerable.Range(0, HashingTurns.AtOnce + 100).Select(_ => turns.TakeAsync(Place(1), Cancel).AsTask()).ToList();
        var elsewhere = turns.TakeAsync(Place(2), Cancel).AsTask();
        // The hundred who wait in the first place came before.
        foreach (var one in tried.Take(HashingTurns.AtOnce))
            (await one).Dispose();

        using (await elsewhere)
            Assert.InRange(tried.Count(one => one.IsCompleted), HashingTurns.AtOnce, 2 * HashingTurns.AtOnce);
        foreach (var one in tried.Skip(HashingTurns.AtOnce))
            (await one).Dispose();
    }

    [Fact]
    public async Task Who_gives_up_waiting_takes_no_turn()
    {
        using HashingTurns turns = new();
        List<IDisposable> held = [];
        for (var number = 0; number < HashingTurns.AtOnce; number++)
            held.Add(await turns.TakeAsync(Place(1), Cancel));
        using var leaving = new CancellationTokenSource();
        var (near, far) = (turns.TakeAsync(Place(1), leaving.Token).AsTask(), turns.TakeAsync(Place(2), leaving.Token).AsTask());
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => near);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => far);

        held.ForEach(turn => turn.Dispose());
        for (var number = 0; number < HashingTurns.AtOnce; number++)
            await turns.TakeAsync(Place(2), Cancel);
    }

    [Fact]
    public async Task A_members_pages_are_made_on_half_of_the_processors_and_nobody_elses_waits_for_them()
    {
        using PageTurns turns = new(new());
        List<IDisposable?> held = [];
        for (var number = 0; number < PageTurns.AtOnce; number++)
            held.Add(await turns.TakeAsync(new(1), Cancel));
        var one = turns.TakeAsync(new(1), Cancel).AsTask();
        Assert.False(one.IsCompleted);
        Assert.True(turns.TakeAsync(new(2), Cancel).AsTask().IsCompletedSuccessfully);

        held[0]!.Dispose();
        Assert.NotNull(await one);
    }

    [Fact]
    public async Task A_page_that_takes_its_time_holds_up_ones_others_only_for_a_moment()
    {
        using PageTurns turns = new(new());
        for (var number = 0; number < PageTurns.AtOnce; number++)
            Assert.NotNull(await turns.TakeAsync(new(1), Cancel));
        Assert.Null(await turns.TakeAsync(new(1), Cancel));

        using var leaving = new CancellationTokenSource();
        var waiting = turns.TakeAsync(new(1), leaving.Token).AsTask();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task A_refusal_keeps_its_turn_until_it_leaves_over_however_many_lines_it_was_asked_for()
    {
        using PageTurns turns = new(new());
        var begun = 0;
        var all = Enumerable.Range(0, PageTurns.AtOnce + 1).Select(_ => turns.WaitAsync(Form(), http =>
        {
            begun++;
            http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return Task.CompletedTask;
        })).ToList();
        Assert.Equal(PageTurns.AtOnce, begun);

        await Task.WhenAll(all);
        Assert.Equal(PageTurns.AtOnce + 1, begun);
    }

    [Fact]
    public async Task Many_lines_bring_no_more_refusals_than_one()
    {
        using PageTurns turns = new(new());
        var lines = Enumerable.Range(0, 40 * PageTurns.AtOnce).Select(_ => turns.WaitAsync(Form(), http =>
        {
            http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return Task.CompletedTask;
        })).ToList();
        // After half a second each goes on without a turn, and waits for one when it is refused: of forty that wait a tenth of a second each, most are still there.
        var patience = turns.TakeAsync(new(0, Place(1)), Cancel).AsTask();
        (await patience)?.Dispose();

        Assert.InRange(lines.Count(line => line.IsCompleted), 1, 30 * PageTurns.AtOnce);
        await Task.WhenAll(lines);
    }

    static DefaultHttpContext Form()
    {
        var http = new DefaultHttpContext { Request = { Method = HttpMethods.Post }, Connection = { RemoteIpAddress = IPAddress.Parse(Place(1)) } };
        http.SetEndpoint(new(null, new(new ComponentTypeMetadata(typeof(Register))), null));
        return http;
    }

    static string Place(int number) => string.Create(CultureInfo.InvariantCulture, $"203.0.113.{number}");
}
