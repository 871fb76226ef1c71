declare const __AGON_VERSION__: string;
