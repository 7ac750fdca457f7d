using VetCommunity.App.Shell;
using VetCommunity.Core.Live;

namespace VetCommunity.App.Live;

/// <summary>Sound and picture of live sessions.</summary>
static class SoundAndPictureSetUp
{
    public static void AddSoundAndPicture(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SoundAndPicture>();
        builder.Services.AddSingleton(services => IceServers.Of(services.GetRequiredService<IConfiguration>()));
        builder.Services.AddSingleton<Meshes>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Meshes>());
        builder.AddMediaHeaders();
    }
}
