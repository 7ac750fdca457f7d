using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using VetCommunity.App.Members;
using VetCommunity.Core;
using VetCommunity.Core.Members;
using Xunit;

namespace VetCommunity.Tests.Members;

/// <summary>A question to a passkey is answered in the browser that was asked, for what it was asked for: each bond alone, with a device that always has the right answer.</summary>
public sealed class AnsweringAPasskeysQuestion
{
    static readonly Guid Here = Guid.NewGuid();
    static readonly Actor Anna = new(7, "anna", "Anna", Roles.Member, "en", "UTC");
    static readonly Actor Bruno = Anna with { MemberId = 8, Handle = "bruno" };

    readonly PasskeyCeremony _ceremony = new(new RightDevice(), Members(), new EphemeralDataProtectionProvider());

    [Fact]
    public async Task What_was_asked_is_answered()
    {
        Assert.Equal(Anna.MemberId, (await ShownAsync(PasskeyUse.Prove, Anna, Here)).MemberId);
        Assert.NotEmpty((await MadeAsync(await AskedAsync(PasskeyUse.Add), Anna, Here)).Question);
    }

    [Fact]
    public async Task A_question_for_one_use_is_none_for_another()
    {
        await AssertRefusedAsync(() => ShownAsync(PasskeyUse.LogIn, Anna, Here));
        var asked = await AskedAsync(PasskeyUse.Prove);
        await AssertRefusedAsync(() => MadeAsync(asked, Anna, Here));
    }

    [Fact]
    public Task A_question_to_one_member_is_none_to_another_in_the_same_browser() => AssertRefusedAsync(() => ShownAsync(PasskeyUse.Prove, Bruno, Here));

    [Fact]
    public Task A_question_in_one_session_is_none_in_the_next() => AssertRefusedAsync(() => ShownAsync(PasskeyUse.Prove, Anna, Guid.NewGuid()));

    async Task<ShownPasskey> ShownAsync(PasskeyUse use, Actor who, Guid session) =>
        await _ceremony.ShownAsync(Browser(who, session, await AskedAsync(PasskeyUse.Prove)), use, who, "right");

    Task<(UserPasskeyInfo Made, byte[] Question)> MadeAsync(string asked, Actor who, Guid session) => _ceremony.MadeAsync(Browser(who, session, asked), who, "right");

    // Anna is asked here; the cookie as it comes back.
    async Task<string> AskedAsync(PasskeyUse use)
    {
        var http = Browser(Anna, Here);
        await _ceremony.AskAsync(http, use, Anna);
        return Assert.Single(http.Response.Headers.SetCookie)!.Split(';')[0];
    }

    static DefaultHttpContext Browser(Actor who, Guid session, string? cookie = null)
    {
        var http = new DefaultHttpContext { User = MemberPrincipals.Of(new(new(who, "stamp"), new() { Id = session, MemberId = who.MemberId, Stamp = "stamp" })) };
        http.Request.Headers.Cookie = cookie;
        return http;
    }

    static async Task AssertRefusedAsync<T>(Func<Task<T>> act) => Assert.Equal(Refusal.PasskeyRefused, (await Assert.ThrowsAsync<RefusedException>(act)).Refusal);

    static UserManager<Member> Members() => new(new Everybody(), Options.Create(new IdentityOptions()), new PasswordHasher<Member>(), [], [], new UpperInvariantLookupNormalizer(), new(), null!, NullLogger<UserManager<Member>>.Instance);

    static UserPasskeyInfo Passkey => new([1], [2], DateTimeOffset.UnixEpoch, 0, null, isUserVerified: true, isBackupEligible: false, isBackedUp: false, [], []);

    sealed class RightDevice : IPasskeyHandler<Member>
    {
        public Task<PasskeyCreationOptionsResult> MakeCreationOptionsAsync(PasskeyUserEntity userEntity, HttpContext httpContext) =>
            Task.FromResult(new PasskeyCreationOptionsResult { CreationOptionsJson = "{}", AttestationState = "state" });

        public Task<PasskeyRequestOptionsResult> MakeRequestOptionsAsync(Member? user, HttpContext httpContext) =>
            Task.FromResult(new PasskeyRequestOptionsResult { RequestOptionsJson = "{}", AssertionState = "state" });

        public Task<PasskeyAttestationResult> PerformAttestationAsync(PasskeyAttestationContext context) =>
            Task.FromResult(PasskeyAttestationResult.Success(Passkey, new() { Id = "7", Name = "anna", DisplayName = "Anna" }));

        public Task<PasskeyAssertionResult<Member>> PerformAssertionAsync(PasskeyAssertionContext context) =>
            Task.FromResult(PasskeyAssertionResult.Success(Passkey, Somebody("7")));
    }

    static Member Somebody(string id) => new() { Id = int.Parse(id, System.Globalization.CultureInfo.InvariantCulture), UserName = "anna", Handle = "anna", DisplayName = "Anna" };

    sealed class Everybody : IUserStore<Member>
    {
        public Task<Member?> FindByIdAsync(string userId, CancellationToken cancellationToken) => Task.FromResult<Member?>(Somebody(userId));

        public Task<IdentityResult> CreateAsync(Member user, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IdentityResult> DeleteAsync(Member user, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IdentityResult> UpdateAsync(Member user, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<Member?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<string?> GetNormalizedUserNameAsync(Member user, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<string> GetUserIdAsync(Member user, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<string?> GetUserNameAsync(Member user, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task SetNormalizedUserNameAsync(Member user, string? normalizedName, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task SetUserNameAsync(Member user, string? userName, CancellationToken cancellationToken) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
