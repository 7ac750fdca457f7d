using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using VetCommunity.App.Limiting;
using VetCommunity.App.Members;
using VetCommunity.Core;
using Xunit;

namespace VetCommunity.Tests.Members;

[Promise("RL1")]
public class LimitingWhoTries
{
    [Fact]
    public async Task A_new_handle_brings_neither_new_guesses_of_the_password_nor_new_invitations()
    {
        await using var world = await World.OpenAsync(Database.Sqlite);
        using var limits = new AccountLimits(new ConfiguredLimits());
        var renamed = world.Anna with { Handle = "anna-again" };
        for (var number = 0; number < 10; number++)
            limits.Password(new DefaultHttpContext(), world.Anna);
        for (var number = 0; number < 60; number++)
            limits.Invite(world.Anna);

        var http = new DefaultHttpContext();
        Assert.Equal(Refusal.TooManyTries, Assert.Throws<RefusedException>(() => limits.Password(http, renamed)).Refusal);
        Assert.Equal((StatusCodes.Status429TooManyRequests, true), (http.Response.StatusCode, int.Parse(http.Response.Headers.RetryAfter!, CultureInfo.InvariantCulture) is > 0 and <= 900));
        Assert.Equal(Refusal.TooManyTries, Assert.Throws<RefusedException>(() => limits.Invite(renamed)).Refusal);
        limits.Password(new DefaultHttpContext(), world.Bruno);
    }

    [Fact]
    public void Log_ins_by_what_nobody_guesses_count_for_their_place_and_say_when_to_come_again()
    {
        using var limits = new AccountLimits(new ConfiguredLimits());
        for (var number = 0; number < ConfiguredLimits.Usual[nameof(ConfiguredLimits.LogInsFromPlace)]; number++)
            limits.Place(From("203.0.113.7"));
        var refused = From("203.0.113.7");

        Assert.Equal(Refusal.TooManyTries, Assert.Throws<RefusedException>(() => limits.Place(refused)).Refusal);

        Assert.Equal((StatusCodes.Status429TooManyRequests, true), (refused.Response.StatusCode, refused.Response.Headers.ContainsKey("Retry-After")));
        limits.Place(From("203.0.113.8"));

        static DefaultHttpContext From(string place)
        {
            var http = new DefaultHttpContext();
            http.Connection.RemoteIpAddress = IPAddress.Parse(place);
            return http;
        }
    }

    [Fact]
    public async Task Many_at_once_for_one_address_are_no_more_than_one_after_another()
    {
        using var limits = new AccountLimits(new ConfiguredLimits());
        var mails = 0;

        var tries = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(MailAsync)));

        Assert.Equal(5, mails);
        Assert.Equal(5, tries.Count(refusal => refusal == Refusal.TooManyTries));
        using var invited = await limits.MailAsync(new DefaultHttpContext(), null);

        async Task<Refusal?> MailAsync()
        {
            try
            {
                using var turn = await limits.MailAsync(new DefaultHttpContext(), "often@example.org");
                await Task.Yield();
                Interlocked.Increment(ref mails);
                limits.Mailed("Often@example.org");
                return null;
            }
            catch (RefusedException refused)
            {
                return refused.Refusal;
            }
        }
    }
}
